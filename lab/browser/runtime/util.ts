/** Off: a page has no NODE_DEBUG. */
export const debuglog = () => Object.assign((): void => {}, { enabled: false })
