/**
 * What distinguishes a command from the others of its run: its first argument. Many pushes go to one list, so an RPUSH has its
 * element, too.
 *
 * @param name in capitals
 */
export function identityOf(name: string, [first = '', second = '']: readonly string[]): string {
  return name === 'RPUSH' ? `${first} ${second}` : first
}
