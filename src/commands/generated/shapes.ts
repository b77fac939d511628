// Made by `npm run generate`: not to be changed by hand. What it says: scripts/generate/README.md.

/** `least-most@from-behind:`: src/commands/methods.ts explains it. */
export const shapes = '0 0-1 0-3 0-5 0-6 0-7 0-@1 0-@3 1 1- 1-2 1-3 1-4 1-5 1-7 1-9 1-@1 1-@2 1-@3 2 2-3 2-4 2-5 2-6 2-7 2-8 2-@1 2-@1-1 2-@1: 2-@2 2-@3 3 3-4 3-5 3-6 3-7 3-9 3-@1 3-@2 3-@2-1 3-@2: 3-@3 3-@4 3-@5 4 4- 4-5 4-6 4-7 4-9 4-@2 4-@3 4-@3-1 4-@3: 4-@4 5 5- 5-8 5-@4: 5-@5 5-@6 6-@2 6-@4 6-@6 6-@7 7-@5'

/** The shape of each command's method, as a letter, in the order of the table; a space: it has no method. */
export const shapeOfEach =
  '  ;7PEEEEZZEEEOOFFF]]FFFQQQQQDDMM889EEE88888888CCCCCGW;jY@TX;;;>b`G222GIENNQ3;==Z;Edd_ddP0==9EGEQd5E_EGG;QGE.G;GNK];;PGGGG?09c@JG0;Ga2<0E0VI41>00H90;G;;00E;0;0AG0;E0G000;2H0A0GGJJ00;2E;;0;0E;0E@0I2922222EEE000EEEGE02E22SS13_;II0<20;EUaf933LKHK<<@?@0Q0____000<@;EQ0_G1T2EEGG;L2EE;ThGJ;;;QQANGGE_3TGGG<;E3EN>R9FFLbd0;G0;G222G;^1QGG;IQ.30000;04;J9e1aUNg9)0EE2()))(88B((8B2(0<20>0(;.0)((.)(0;2Q(((((D()FU0(..((.*98((((>(.0/)())(((((0((9(*((0000FFi0FF0;.((.(((((((((((((F((((((((.00;((((00;0(((00((()(.).80)(BQQ1:82E22,+;G0.20 (( ( (( ( 080.000;90(E2    (;;dZ-(;;[((((2)B=(/(990;061'
