/** What the first words of commands that have two stand for: `supervisor start`. */
export const groups: Readonly<Record<string, string>> = {
  supervisor: 'start, stop and look after the process that runs workflows',
  signature: 'sign services, and check who has signed them',
  'dead-letters': 'look at messages that were given up on, and send them again',
};
