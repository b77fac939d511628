export { connect } from './net.js'
