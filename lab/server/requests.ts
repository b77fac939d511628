// The name under which tests of the connection layer import the parser.
export { RequestError, RequestParser } from './request-parser.js'
