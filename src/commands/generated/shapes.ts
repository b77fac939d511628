// Made by `npm run generate`: not to be changed by hand. What it says: scripts/generate/README.md.

/** `least-most@from-behind:`: src/commands/methods.ts explains it. */
export const shapes = '0 0-1 0-2 0-3 0-5 0-6 0-7 0-@1 0-@3 1 1- 1-2 1-3 1-4 1-5 1-7 1-9 1-@1 1-@2 1-@3 2 2-3 2-4 2-5 2-6 2-7 2-8 2-@1 2-@1-1 2-@1: 2-@2 2-@3 3 3-4 3-5 3-6 3-7 3-9 3-@1 3-@2 3-@2-1 3-@2: 3-@3 3-@4 3-@5 4 4- 4-5 4-6 4-7 4-9 4-@2 4-@3 4-@3-1 4-@3: 4-@4 5 5- 5-6 5-8 5-@4: 5-@5 5-@6 6-@2 6-@4 6-@6 6-@7 7-@5'

/** The shape of each command's method, as a letter, in the order of the table; a space: it has no method. */
export const shapeOfEach =
  '  <8QFFFF[[FFFPPGGG^^GGGRRRRREENN99:FFF99999999DDDDDHX<lZAUY<<<?daH333HJFOOR4<==[<Fff`ffQ1==:FHFRf6F`FHH<RHF/H<HOL^<<QHHHH@1:eAKH1<Hb3=1F1WJ52?11I:1<H<<11F<1<1BH1<F1H111<3I1B1HHKK11<3F<<1<1F<1FA1J3:33333FFF111FFFHF13F33TT24`<JJ1=31<FVbh:44MLIL==A@A1R1````111=A<FR1`H2U3FFHH<M3FF<UjHK<<<RRBOHHF`4UHHH=<F4FO?S:GGMdf1<H1<H333H<_2RHH<JR/41111<15<K:g2bVOi:)1FF3()))(99C((9C3(1=31?1(</1)((/)(1<3R(((((E()GW1(//((/+:9((((?(/1*)())(((((1((:(+((1111>>k1GG1</((/(((((((((((((G((((((((/11<((((11<1(((11((()(/)/91)(CRR2;93F33-,<H1/31 (( ( (( ( 191/111<:1(F3    (<<c[.(<<]((((3)C>(0(::1<172'
