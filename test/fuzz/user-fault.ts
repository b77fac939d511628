/** What user code throws when the library calls it: known by its class, so that it is not mistaken for an error of ours. */
export class UserFault extends Error {
  override readonly name = 'UserFault'
}

export function throwUserFault(): never {
  throw new UserFault('thrown by code of the user')
}
