/** Schedules to begin with: what is called, and what goes wrong. */
export const examples: readonly { readonly title: string; readonly text: string }[] = [
  {
    title: 'A reply is lost: the INCR is unknown, the GET and the SET are sent again',
    text: `20 INCR count
20 GET read
20 SET write new
20 cut replies 0 reset`,
  },
  {
    title: 'Two bytes of the reply arrive: the INCR is executed',
    text: `20 INCR count
20 GET read
20 cut replies 2 end`,
  },
  {
    title: 'The server gets only part of the request',
    text: `20 INCR count
20 cut requests 10 reset`,
  },
  {
    title: 'The server is down: commands that were not sent can wait',
    text: `20 down
30 INCR count
30 GET read
330 up`,
  },
  {
    title: 'The path keeps a SET, and delivers it late: the fence stops it',
    text: `option stallTimeout 400
20 hold requests
20 SET value 41
900 INCR value
1500 release`,
  },
  {
    title: 'The same without the fence: the old SET overwrites the INCR',
    text: `option stallTimeout 400
option fence off
20 hold requests
20 SET value 41
900 INCR value
1500 release`,
  },
  {
    title: 'Half-open: nothing arrives, and nothing tells',
    text: `option stallTimeout 400
20 black-hole
20 INCR count
20 GET read`,
  },
  {
    title: 'Garbage: no reply after it can be trusted',
    text: `20 garbage
20 INCR count
20 GET read`,
  },
  {
    title: 'The caller cancels an INCR that was sent: it is unknown, and it ran',
    text: `20 hold replies
20 INCR count
30 cancel INCR count
200 release`,
  },
  {
    title: 'A time limit passes: the INCR is unknown until the data tells',
    text: `option timeout 100
20 hold replies
20 INCR count
300 release
310 GET count`,
  },
  {
    title: 'An element arrives for a BLPOP, and its reply is lost',
    text: `20 BLPOP queue 5
100 cut replies 0 reset
100 push queue job`,
  },
]
