/** What the first words of commands that have two stand for: `supervisor start`. */
export const groups: Readonly<Record<string, string>> = {
  supervisor: 'start, stop and look after the process that runs workflows',
  'dead-letters': 'look at messages that were given up on, and send them again',
};
