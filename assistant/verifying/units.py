"""Units of measure and money under all the names they are written with: km, kilometre, kilometers.

One name a unit, so that two quantities are the same when their numbers and units are. Nothing is converted: 5 km and
3.1 miles are different words for the reader who checks them, and rounding would have to be guessed. Knows words alone.
"""

# A line a unit: its name, then how else it is written. Plurals in -s are understood.
WRITTEN = [
    line.split()
    for line in """
millimetre mm millimeter
centimetre cm centimeter
metre m meter
kilometre km kilometer kilometers kms
inch in inches
foot ft feet
yard yd
mile mi
acre
hectare ha
gram g gramme
kilogram kg kilo kilogramme kgs
milligram mg
tonne t
ton
ounce oz
stone
millilitre ml milliliter
litre l liter
gallon gal
pint
barrel bbl
cubic_metre m³ m3
square_metre m² m2 sqm
square_kilometre km² km2 sqkm
square_mile sqmi
square_foot sqft ft²
kilometre_per_hour kph kmh
mile_per_hour mph
knot kn
metre_per_second
millisecond ms msec
second sec secs
minute min mins
hour hr h hrs
day
week
fortnight
month
year yr yrs
decade
century centuries
millennium millennia
percent % percentage pct
percentage_point
degree °
degree_celsius °c celsius centigrade
degree_fahrenheit °f fahrenheit
watt w
kilowatt kw
megawatt mw
gigawatt gw
terawatt tw
kilowatt_hour kwh
megawatt_hour mwh
gigawatt_hour gwh
terawatt_hour twh
volt v
ampere amp
hertz hz
kilohertz khz
megahertz mhz
gigahertz ghz
byte
kilobyte kb
megabyte mb
gigabyte gb
terabyte tb
pixel px
calorie kcal
joule
pascal
bar
dollar $ us$ usd
cent
euro € eur
pound £ gbp lb lbs quid
penny pence
yen ¥ jpy
yuan rmb renminbi cny
rupee ₹ inr
rouble ruble ₽ rub
franc chf
crown krona krone kronor kroner sek nok dkk
peso
won ₩
lira ₺
real reais brl
rand
dinar
shilling
zloty
forint
shekel ₪
bitcoin btc
""".strip().splitlines()
]

SYMBOLS = frozenset("%$€£¥₹₽₩₺₪°")  # those that stand alone, before a number or behind it
# One letter is a unit only right behind a number, "in" never: "5 in June".
NAMES = {name: written[0] for written in WRITTEN for each in written for name in (each, f"{each}s")}
for _not_a_unit in ("in", "ins", "real", "reals", "won", "bar", "stone", "ms"):
    del NAMES[_not_a_unit]
# Units of several words, longest first; a word here is any of its names.
PHRASES = {
    ("kilometre", "per", "hour"): "kilometre_per_hour",
    ("kilometre", "an", "hour"): "kilometre_per_hour",
    ("kilometre", "hour"): "kilometre_per_hour",  # km/h
    ("mile", "per", "hour"): "mile_per_hour",
    ("mile", "an", "hour"): "mile_per_hour",
    ("metre", "per", "second"): "metre_per_second",
    ("kilowatt", "hour"): "kilowatt_hour",
    ("megawatt", "hour"): "megawatt_hour",
    ("gigawatt", "hour"): "gigawatt_hour",
    ("terawatt", "hour"): "terawatt_hour",
    ("square", "metre"): "square_metre",
    ("square", "kilometre"): "square_kilometre",
    ("square", "mile"): "square_mile",
    ("square", "foot"): "square_foot",
    ("sq", "metre"): "square_metre",
    ("sq", "kilometre"): "square_kilometre",
    ("sq", "mile"): "square_mile",
    ("sq", "foot"): "square_foot",
    ("cubic", "metre"): "cubic_metre",
    ("per", "cent"): "percent",
    ("percent", "point"): "percentage_point",
    ("percent", "points"): "percentage_point",
    ("degree", "degree_celsius"): "degree_celsius",
    ("degree", "degree_fahrenheit"): "degree_fahrenheit",
    ("degree", "c"): "degree_celsius",
    ("degree", "f"): "degree_fahrenheit",
}


def unit_at(words: list[str]) -> tuple[str | None, int]:
    """The unit that `words` (case-folded, in order) begin with, and how many of them it takes; None and 0 for none."""
    named = [NAMES.get(word, word) for word in words[:3]]
    for length in range(len(named), 1, -1):
        if found := PHRASES.get(tuple(named[:length])):
            return found, length
    if words and words[0] in NAMES:
        return NAMES[words[0]], 1
    return None, 0
