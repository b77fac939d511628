/** The error that user code throws when the library calls it. Its class tells it apart from errors of the library. */
export class UserFault extends Error {
  override readonly name = 'UserFault'
}

export function throwUserFault(): never {
  throw new UserFault('thrown by code of the user')
}
