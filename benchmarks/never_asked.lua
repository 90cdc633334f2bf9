-- Questions for wrk that nobody asked before: a box and a theme, drawn at random; a third of the boxes cross the antimeridian.
-- Arguments: path of the items, parameter of the theme, seed.
local themes = { "water", "climate-mitigation-adaptation", "energy", "mobility", "waste" }
local n_threads = 0

function setup(thread)
    n_threads = n_threads + 1
    thread:set("number", n_threads)
end

function init(args)
    path, parameter = args[1], args[2]
    math.randomseed(tonumber(args[3]) * 1000 + number)
end

function request()
    local west, east = math.random() * 360 - 180, math.random() * 360 - 180
    if east < west and math.random() > 0.67 then west, east = east, west end
    local south, north = math.random() * 180 - 90, math.random() * 180 - 90
    if north < south then south, north = north, south end
    local box = string.format("%.4f,%.4f,%.4f,%.4f", west, south, east, north)
    local theme = themes[math.random(#themes)]
    return wrk.format("GET", string.format("%s?bbox=%s&%s=%s&limit=10000&f=json", path, box, parameter, theme))
end
