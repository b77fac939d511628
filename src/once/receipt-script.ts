/**
 * The script that runs a call once. The first try reserves the receipt, runs the commands, and stores the reply in the receipt.
 * A later try finds the receipt and gets the reply in it. The receipt is reserved before anything runs. Otherwise, if the user
 * has no right to SET, or the server has no memory left, a command would run without a receipt.
 *
 * ```
 *   KEYS   receipt, then every key of the commands
 *   ARGV   latest   server time in milliseconds at which the receipt expires, and from which nothing runs
 *          head     version and digest: the receipt begins with it
 *          then     for a command whose name is in the script: its arguments after the key
 *                   for another single command: its kind, its arguments
 *                   for a transaction: `m`, then for each command: its number of arguments, its kind, its arguments
 * ```
 *
 * The kind of a command is one of these:
 *
 * - `g` or `h`: its reply may be an integer beyond 2^53, which Lua rounds, so the script reads the value again with GET or HGET;
 * - `u`: its errors may come from the user's code, after a part of the work was done;
 * - empty: none of these.
 *
 * A try reserves the receipt with the expiry time `latest`. If this time has passed, the server reports that the receipt has
 * already expired: the try is late, and nothing runs. So if the network delivers a try twice, the second one either finds the
 * receipt or is late. There is no moment in between, because the server decides both with the same clock and the same test. This
 * is not so if the clock is set back, or the receipt moves to another server with another clock.
 *
 * The script never raises an error after a command ran. If the outcome is an error, it is returned with `ONCE ` before its text.
 * An error that does not begin with `ONCE` shows that this try ran nothing and left no receipt.
 */
const reserve = `local call,receipt,latest,head=redis.pcall,KEYS[1],ARGV[1],ARGV[2]
local found=call('SET',receipt,head,'PXAT',latest,'NX','GET')
if found then
if type(found)=='table' then return found end
if string.sub(found,1,#head)~=head then return {err='ONCE_MISMATCH this id was used for another call'} end
local extended=call('PEXPIREAT',receipt,latest,'GT')
if type(extended)=='table' then return {err='ONCE_UNKNOWN its receipt can not be extended: '..extended.err} end
if #found==#head then return {err='ONCE_UNKNOWN its receipt has no reply'} end
local reply=cmsgpack.unpack(string.sub(found,#head+1))
if type(reply)=='table' and reply.err then return {err='ONCE '..reply.err} end
return reply
end
local left=call('PTTL',receipt)
if left==-2 then return {err='ONCE_LATE it arrived after the time in which it may run'} end
if type(left)=='table' then
call('DEL',receipt)
return left
end
local reply,unkept
`

/**
 * Examines the reply to a command.
 * @param exact the Lua expression that reads an integer beyond 2^53 again
 * @param isRefusal the Lua condition under which the error of a passing refusal shows that nothing has run
 */
const examine = (exact: string, isRefusal: string): string => `local shape=type(reply)
if shape=='number' then
if reply>=2^53 or reply<=-2^53 then
reply=${exact}
unkept=type(reply)~='string'
end
elseif shape=='table' and reply.err then
if ${isRefusal} and string.find(' OOM READONLY LOADING MASTERDOWN CLUSTERDOWN TRYAGAIN BUSY NOREPLICAS MISCONF ',' '..string.match(reply.err,'^%u*')..' ',1,true) and call('DEL',receipt)==1 then
return reply
end
reply={err=reply.err}
end
`

/** Runs one command, or all those of a transaction, even if the reply to one of them can't be kept. */
const runAny = `local kind,first,last,replies,isUnkept=ARGV[3],4,#ARGV
local count=last
if kind=='m' then replies,last={},3 end
repeat
if replies then
first,kind=last+3,ARGV[last+2]
last=first+tonumber(ARGV[last+1])-1
end
reply,unkept=run(unpack(ARGV,first,last))
${examine(
  "kind=='g' and call('GET',ARGV[first+1]) or kind=='h' and call('HGET',ARGV[first+1],ARGV[first+2])",
  "first==(replies and 6 or 4) and kind~='u'",
)}if replies then replies[#replies+1]=reply end
isUnkept=isUnkept or unkept
until last>=count
reply,unkept=replies or reply,isUnkept
`

/**
 * Stores the reply in the receipt. APPEND costs the server the least, and keeps the expiry time. For a long reply, it would reserve
 * more memory than SET. If the receipt is no longer there, the length that APPEND returns differs.
 */
const keep = `if not unkept then
local packed=cmsgpack.pack(reply)
if #packed>64 or call('APPEND',receipt,packed)~=#head+#packed then
unkept=call('SET',receipt,head..packed,'PXAT',latest).err
end
end
if unkept then return {err='ONCE_UNKNOWN it ran, and its reply can not be kept'} end
if type(reply)=='table' and reply.err then return {err='ONCE '..reply.err} end
return reply`

const body = reserve + runAny + keep

/** Runs commands. */
const commands = 'local run=redis.pcall\n'

/**
 * Runs a script of the user, whose arguments are those of EVALSHA. The result is packed and unpacked before it is returned, so
 * that the first try gets exactly the same result as later tries. For the same reason, what the script may have set with
 * `redis.setresp` is undone. A result that is nested deeper than `cmsgpack` packs can't be kept. `cmsgpack` packs `cjson.null` and
 * functions as nil, which ends a list and can't be a name. So they become false first: a server sends null for all of them.
 */
const userCode = `local function copyOf(reply,left)
if type(reply)~='table' then return string.find('number string boolean',type(reply)) and reply or false end
if left==0 then error() end
local copy={}
for name,each in pairs(reply) do copy[copyOf(name,left-1)]=copyOf(each,left-1) end
return copy
end
local function run(_,_,count,...)
local given,keys,args={...},{},{}
count=tonumber(count)
for i=1,#given do if i<=count then keys[i]=given[i] else args[i-count]=given[i] end end
local ok,reply=pcall(source,keys,args)
redis.setresp(2)
if not ok then
reply=tostring(type(reply)=='table' and reply.err or reply)
reply={err=string.find(reply,'^%u[%u%d_]* ') and reply or 'ERR '..reply}
end
ok,reply=pcall(copyOf,reply,16)
return ok and cmsgpack.unpack(cmsgpack.pack(reply)),not ok
end
`

/** The first line of a script that has one: `#!lua flags=...`. Server documentation: EVAL scripts, script flags. */
const shebang = /^#![^\n]*(\n|$)/

/** Returns the source of the script that runs a command of any form, or a transaction, once. */
export const onceSource = (): string => commands + body

/**
 * Returns the source of the script that runs this command once, if its first argument is its only key. With the name in the script,
 * the server receives and converts three arguments fewer, which a short command needs a tenth of its time for.
 */
export function onceSourceFor(name: string, kind: '' | 'g' | 'h'): string {
  const exact = { '': 'nil', g: "call('GET',KEYS[2])", h: "call('HGET',KEYS[2],ARGV[3])" }[kind]
  return `${reserve}reply=call('${name}',KEYS[2],unpack(ARGV,3))\n${examine(exact, 'true')}${keep}`
}

/**
 * Returns the source of a script that runs a script of the user once.
 * @param source of the user's script, which becomes a function: its line numbers remain
 */
export function onceSourceOf(source: string): string {
  const [first = ''] = shebang.exec(source) ?? []
  const rest = source.slice(first.length)
  return `${first}local function source(KEYS,ARGV,...) ${rest}\nend\n${userCode}${body}`
}

/** Reads a receipt. Returns nothing if there is none; otherwise its head, and its reply if it has one. */
export const receiptSource = `local found=redis.call('GET',KEYS[1])
if not found then return false end
local length=tonumber(ARGV[1])
local head=string.sub(found,1,length)
if #found<=length then return {head} end
return {head,cmsgpack.unpack(string.sub(found,length+1))}`
