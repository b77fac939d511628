/** The property that every `Client` has. All copies of this package in a program have the same symbol. */
export const clientBrand: unique symbol = /* @__PURE__ */ Symbol.for('respite.client')
