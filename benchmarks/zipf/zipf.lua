-- Codes by Zipf's law with exponent 1: the k-th most popular is asked for with a frequency of 1/k.
-- Arguments: how many codes there are, a seed, and, to ask for each once from that rank on, a rank.
local agent = "Mozilla/5.0 (Linux; Android 14; SM-A155F) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36"
local rest = " HTTP/1.1\r\nHost: localhost\r\nUser-Agent: " .. agent .. "\r\nAccept: text/html\r\n" ..
  "Accept-Language: hi-IN,hi;q=0.9,en;q=0.7\r\nAccept-Encoding: gzip, deflate, br\r\n\r\n"
local number, scale, following

function init(args)
  number = tonumber(args[1])
  scale = math.log(number + 1)
  math.randomseed(tonumber(args[2]))
  following = args[3] and tonumber(args[3])
end

function request()
  -- The share of the k most popular is nearly log(k + 1) / log(number + 1).
  local rank = math.min(number, math.floor(math.exp(math.random() * scale)))
  if following then
    rank = math.min(number, following)
    following = following + 1
  end
  -- Popular codes are not neighbours in the table: 611953 is prime to a million.
  local code = (rank * 611953) % number + 1
  return string.format("GET /code%07d", code) .. rest
end
