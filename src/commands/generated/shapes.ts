// Made by `npm run generate`: not to be changed by hand. What it says: scripts/generate/README.md.

/** `least-most@from-behind:`: src/commands/methods.ts explains it. */
export const shapes = '0 0-1 0-2 0-3 0-5 0-6 0-7 0-@1 0-@3 1 1- 1-2 1-3 1-4 1-5 1-7 1-9 1-@1 1-@2 1-@3 2 2-3 2-4 2-5 2-6 2-7 2-8 2-@1 2-@1-1 2-@1: 2-@2 2-@3 3 3-4 3-5 3-6 3-7 3-9 3-@1 3-@2 3-@2-1 3-@2: 3-@3 3-@4 3-@5 4 4- 4-5 4-6 4-7 4-9 4-@2 4-@3 4-@3-1 4-@3: 4-@4 5 5- 5-6 5-8 5-@4: 5-@5 5-@6 6-@2 6-@4 6-@6 6-@7 7-@5'

/** The shape of each command's method, as a letter, in the order of the table; a space: it has no method. */
export const shapeOfEach =
  '271<1::]<<(.(0(>C)3((((<[c<(     ( (( (3F(1:<111/191 (( 13/1H<,-33F39((((;2RRC()19/)/()(((11(((1<11((((<11/((((((((G()*1(((((((((/((/<1GG1k>>1111((+(:((1((((())/(?((((9:+/((/(/1WG)(E(((((R3<1()))(()/(()1/<(1?13=1(3C9((C993FF1):iOVb2g:<K51<11114/RJ<HHR2_<H333H<1H<1fdMHjU<FF3M<HHFF3U2H`1RF<GG:S?OF4F<=HHHU4`FHHOBRR<<<KA=1111R1A@A==LILM44:hbVF<13=1JJ<`42KKHH1B1I3<111H1F<1HB1<1`<``F11<`<H<1:I11?25JW1F1=3bH<1TT33F31FHFFF111FFF33333:3J1AF1<F1<1<<F3<11HKAe@HHHHQ<:1<^LOHHF`F6fRFHF:==1Qff`ffF<[==<4ROOFH<H/FHR<JH333Had?<<<YUAZlH<XDDDDD99999999FFF:99NNEERRRRRGGG^^GGGPPFFFFFFF[[Q8<  '
