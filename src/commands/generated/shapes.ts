// Made by `npm run generate`: not to be changed by hand. What it says: scripts/generate/README.md.

/** `least-most@from-behind:`: src/commands/methods.ts explains it. */
export const shapes = '0 0-1 0-3 0-5 0-6 0-7 0-@1 0-@3 1 1- 1-2 1-3 1-4 1-5 1-7 1-9 1-@1 1-@2 1-@3 2 2-3 2-4 2-5 2-6 2-7 2-8 2-@1 2-@1-1 2-@1: 2-@2 2-@3 3 3-4 3-5 3-6 3-7 3-9 3-@1 3-@2 3-@2-1 3-@2: 3-@3 3-@4 3-@5 4 4- 4-5 4-6 4-7 4-9 4-@2 4-@3 4-@3-1 4-@3: 4-@4 5 5- 5-8 5-@4: 5-@5 5-@6 6-@2 6-@4 6-@6 6-@7 7-@5'

/** The shape of each command's method, as a letter, in the order of the table; a space: it has no method. */
export const shapeOfEach =
  '160;099[;;(-(/(=B)28((((;Zd;(    ((((E(0;000.0800 (( 0.   292G;+,22E2((((:1QQB()08.).()(((00(((0;00((((;00.((((((((F()/0(((((((((.((.;0F0FF0000((*(9((0((((()).(>((((89*.((.(.0FUiF)(D(((((Q2;0()))(().(()0.;(0>02<0(2B8((B882EE0)9gNUa1e9;J40;00003.QI;GGQ1^;G222G;0G;0dbLGhT;EE2L;GGEE2T1G_0QE;FF9R>NE3E;<GGGGT3_EGGNAQQ;;;J@<000____0Q0@?@<<KHKL339faUE;02<0II;_31JJGG0A0H2;000G0E;0GA0;0;E00;;G;09H00>14IV0E0<2aG;0SS22E20EGEEE000EEE2222292I0@E0;E0;0;;E2;00GJ@c?GGGGP;90;]KNGGE_E5dQEGE9==0Pdd_ddE;Z==;3QNNEG;G.EGQ;J222G`b>;;;XT@YjG;WCCCCC88888888EEE988MMDDQQQQQFFF]]FFFOOEEEEEEEZZP7;  '
