import type { UnitMutation } from '../simulation/unit-mutants.js'

const script = 'once/receipt-script.ts'
const onServers = { file: script, foundBy: 'once/receipt-script.test.ts' }
const throughClient = { foundBy: 'once/once.test.ts' }

/** Mistakes in what runs a call once, which tests on real servers must find. */
export const onceMutants: Readonly<Record<string, UnitMutation>> = {
  'arguments that a server quotes are shown in the error of a call with once': {
    file: 'once/once-call.ts',
    from: 'const message = withoutArguments(reply.message, given)',
    to: 'const message = given.length < 0 ? withoutArguments(reply.message, given) : reply.message',
    foundBy: 'once/once.test.ts',
  },
  'the time of the server is believed although a first try came too late': {
    file: 'once/once-call.ts',
    from: '      this.#settings.time.askAgain()\n',
    to: '',
    foundBy: 'once/server-time.test.ts',
  },
  'a time of the server that is a map throws where nothing catches it': {
    file: 'once/server-time.ts',
    from: " && reply.every((part) => typeof part !== 'object')",
    to: '',
    foundBy: 'once/server-time.test.ts',
  },
  'a server that is busy for long has refused to tell its time': {
    file: 'once/server-time.ts',
    from: "error instanceof ReplyError && error.fate === 'refused'",
    to: 'error instanceof ReplyError',
    foundBy: 'once/server-time.test.ts',
  },
  'a client that closes asks a busy server for its time without end': {
    file: 'once/server-time.ts',
    from: "error instanceof ReplyError && error.fate === 'refused'",
    to: "error instanceof ReplyError && error.fate === 'refused' && error.prefix !== 'BUSY'",
    foundBy: 'once/server-time.test.ts',
  },
  'the reply to TIME shows that a connection serves callers': {
    file: 'connection/wire/connection.ts',
    from: 'this.hasReplied ||= !slot.isOwn',
    to: 'this.hasReplied = true',
    foundBy: 'once/server-time.test.ts',
  },
  'the client takes its own TIME for the request of a caller': {
    file: 'once/server-time.ts',
    from: 'override get isOwn(): boolean {\n    return true',
    to: 'override get isOwn(): boolean {\n    return false',
    foundBy: 'once/server-time.test.ts',
  },
  'a reply to INFO that has no text is a rejection that nobody handles': {
    file: 'once/once.ts',
    from: ".then(String)\n      .catch(() => '')",
    to: ".catch(() => '')\n      .then(String)",
    foundBy: 'once/eviction-warning.test.ts',
  },
  'the receipt of a call that can not run once is a raw TypeError': {
    ...throughClient,
    file: 'once/once.ts',
    from: "throw usage('receipt', `there",
    to: "throw error ?? usage('receipt', `there",
  },
  'a receipt is looked for at a key that can not be sent': {
    ...throughClient,
    file: 'once/once.ts',
    from: "    if (key !== undefined) checkArguments('receipt', ['', id, key])\n",
    to: '',
  },
  'the receipt of a reply beyond 2^53 is rejected': {
    ...throughClient,
    file: 'once/receipt.ts',
    from: 'if (error instanceof IntegerTooLargeError) return',
    to: 'if (error === undefined) return',
  },
  'of a reply that is nested too deep to be kept, a part is given': {
    ...throughClient,
    file: script,
    from: 'if left==0 then error() end\n',
    to: '',
  },
  'what cmsgpack packs as nil ends a list in the reply of a script': {
    ...throughClient,
    file: script,
    from: "string.find('number string boolean',type(reply)) and reply or false end",
    to: 'reply end',
  },
  'a name that can not be unpacked raises an error after the script ran': {
    ...throughClient,
    file: script,
    from: 'copy[copyOf(name,left-1)]',
    to: 'copy[name]',
  },
  'an error without text raises another one, which says that nothing ran': {
    ...throughClient,
    file: script,
    from: "tostring(type(reply)=='table' and reply.err or reply)",
    to: "type(reply)=='table' and reply.err or tostring(reply)",
  },
  'the first try of a script has another reply than later ones': {
    ...throughClient,
    file: script,
    from: 'redis.setresp(2)\n',
    to: '',
  },
  'a receipt is written after the command': {
    ...onServers,
    from: "local found=call('SET',receipt,head,'PXAT',latest,'NX','GET')",
    to: `local found=call('GET',receipt)
local real=call
call=function(name,...) if name=='PTTL' then return 1 end return real(name,...) end`,
  },
  'the digest of a receipt is ignored': {
    ...onServers,
    from: 'if string.sub(found,1,#head)~=head then',
    to: 'if false then',
  },
  'a call runs after its time limit': { ...onServers, from: 'if left==-2 then', to: 'if left==-3 then' },
  'a receipt is kept after a refusal that passes': {
    ...onServers,
    from: "and call('DEL',receipt)==1 then",
    to: 'and true then',
  },
  'a receipt is taken back after an error of the user': { ...onServers, from: " and kind~='u'", to: '' },
  'a receipt is taken back after part of a transaction ran': {
    ...onServers,
    from: 'first==(replies and 6 or 4) and',
    to: 'true and',
  },
  'a transaction stops after a reply that can not be kept': {
    ...onServers,
    from: 'isUnkept=isUnkept or unkept\nuntil last',
    to: 'isUnkept=unkept\nuntil unkept or last',
  },
  'a transaction keeps its replies although one of them was rounded': {
    ...onServers,
    from: 'isUnkept=isUnkept or unkept\n',
    to: 'isUnkept=unkept\n',
  },
  'a reply is appended to a receipt that is gone': {
    ...onServers,
    from: "call('APPEND',receipt,packed)~=#head+#packed then",
    to: "type(call('APPEND',receipt,packed))~='number' then",
  },
  'the large counter of a script of its own is not read again': {
    ...onServers,
    from: 'g: "call(\'GET\',KEYS[2])"',
    to: "g: 'nil'",
  },
  'a receipt that is found is not extended': {
    ...onServers,
    from: "local extended=call('PEXPIREAT',receipt,latest,'GT')",
    to: 'local extended=1',
  },
  'a receipt lives from its last try, not from the first': {
    ...onServers,
    from: "'PXAT',latest,'NX','GET')",
    to: "'PX',60000,'NX','GET')",
  },
  'a rounded integer is kept': { ...onServers, from: "unkept=type(reply)~='string'", to: 'unkept=false' },
  'each try of a call has a time limit of its own': {
    ...throughClient,
    file: 'once/once-call.ts',
    from: 'if (!mayHaveRun(this.#request)) {',
    to: 'if (this.#request !== undefined) {',
  },
  'what is called after a call that waits for its code overtakes it': {
    ...throughClient,
    file: 'dispatch/once-request.ts',
    from: 'return this.isHeld\n',
    to: 'return false\n',
  },
  'a kept error is told with the fate of a lost try': {
    ...throughClient,
    file: 'once/once-call.ts',
    from: "{ ...request.detailsOf('refused'), fate: 'refused' }",
    to: "request.detailsOf('refused')",
  },
}
