module.exports = {
  projects: [
    { displayName: 'node', testEnvironment: 'node', testMatch: ['<rootDir>/*.test.js'], rootDir: __dirname },
    { displayName: 'jsdom', testEnvironment: 'jsdom', testMatch: ['<rootDir>/*.test.js'], rootDir: __dirname },
    {
      displayName: 'ts-jest',
      preset: 'ts-jest',
      testEnvironment: 'node',
      testMatch: ['<rootDir>/*.test.ts'],
      rootDir: `${__dirname}/../ts-jest`,
    },
  ],
}
