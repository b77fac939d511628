/**
 * The quantile of Student's t distribution that a share of all values exceeds.
 *
 * @param share of the upper tail, less than one half
 * @param degrees of freedom, not necessarily whole
 */
export function upperQuantile(share: number, degrees: number): number {
  let [low, high] = [0, 1]
  while (upperTail(high, degrees) > share) high *= 2
  for (let step = 0; step < 40; step += 1) {
    const middle = (low + high) / 2
    if (upperTail(middle, degrees) > share) low = middle
    else high = middle
  }
  return high
}

/** The share of values above a t that is not negative: half of the regularized incomplete beta function. */
export function upperTail(t: number, degrees: number): number {
  return incompleteBeta(degrees / (degrees + t * t), degrees / 2, 0.5) / 2
}

/** Regularized, by its continued fraction: NIST Digital Library of Mathematical Functions, 8.17.22. */
function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0
  if (x >= 1) return 1
  // On the other side of the mean it converges slowly.
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(1 - x, b, a)
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log(1 - x)) / a
  let fraction = 0
  // From the innermost term outwards.
  for (let m = 200; m >= 1; m -= 1) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1))
    fraction = even / (1 + odd / (1 + fraction))
  }
  const first = (-(a + b) * x) / (a + 1)
  return front / (1 + first / (1 + fraction))
}

/** Of a positive number: Stirling's series, after the recurrence has made it large enough. */
function logGamma(x: number): number {
  let [large, product] = [x, 1]
  while (large < 10) {
    product *= large
    large += 1
  }
  const square = large * large
  const series = (1 / 12 - (1 / 360 - (1 / 1_260 - 1 / (1_680 * square)) / square) / square) / large
  return (large - 0.5) * Math.log(large) - large + 0.5 * Math.log(2 * Math.PI) + series - Math.log(product)
}
