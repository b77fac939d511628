declare module 'events/events.js' {
  export { EventEmitter } from 'node:events'
}
