package cover

// palette is a set of inks that were chosen to lie on one jacket. Ink is legible
// on Ground, and PanelInk on Panel (both at least 4.5:1); Accent and Second only
// ever colour shapes.
type palette struct {
	Ground, Ink     string
	Panel, PanelInk string
	Accent, Second  string
}

var palettes = []palette{
	{Ground: "#e4672c", Ink: "#1f130b", Panel: "#f7eedb", PanelInk: "#2a1a10", Accent: "#f7eedb", Second: "#8f2f12"}, // paperback orange
	{Ground: "#1f3f37", Ink: "#f3ead2", Panel: "#efe4c8", PanelInk: "#1c362f", Accent: "#d3a548", Second: "#3d6c5b"}, // bottle green and brass
	{Ground: "#7a1f2b", Ink: "#f7e9d7", Panel: "#f3e3cb", PanelInk: "#5b1620", Accent: "#e0b15a", Second: "#a34450"}, // oxblood cloth
	{Ground: "#182a4d", Ink: "#f2ead8", Panel: "#f0e6cf", PanelInk: "#182a4d", Accent: "#e9b44c", Second: "#45639c"}, // night blue
	{Ground: "#f1e6cd", Ink: "#2a2118", Panel: "#c8452d", PanelInk: "#fff8ea", Accent: "#c8452d", Second: "#32505f"}, // cream, red and slate
	{Ground: "#2b2623", Ink: "#f2e8d8", Panel: "#e5d5b5", PanelInk: "#2b2623", Accent: "#d8573a", Second: "#6a5a4b"}, // lamp black
	{Ground: "#e9c863", Ink: "#2b1f0b", Panel: "#243b44", PanelInk: "#f6ead0", Accent: "#243b44", Second: "#c2562d"}, // mustard
	{Ground: "#c9d8d0", Ink: "#17332f", Panel: "#17433d", PanelInk: "#eef4ec", Accent: "#d9694a", Second: "#5f938a"}, // sea glass
	{Ground: "#3b2a52", Ink: "#f3e8e4", Panel: "#efe0d6", PanelInk: "#3b2a52", Accent: "#e58f65", Second: "#6d548f"}, // aubergine
	{Ground: "#e8b9a2", Ink: "#3d1a14", Panel: "#8c2f24", PanelInk: "#fdeee2", Accent: "#8c2f24", Second: "#f6e6d2"}, // plaster pink
	{Ground: "#2f5d8c", Ink: "#fbf4e4", Panel: "#f6ecd6", PanelInk: "#1d3f62", Accent: "#f2c14e", Second: "#8fb3d1"}, // pelican blue
	{Ground: "#5a6b35", Ink: "#fffbe8", Panel: "#f3edd2", PanelInk: "#374220", Accent: "#e6c860", Second: "#869a58"}, // olive
	{Ground: "#efece2", Ink: "#1b1b1b", Panel: "#1b1b1b", PanelInk: "#efece2", Accent: "#d33f2e", Second: "#8b877b"}, // black, white and red
	{Ground: "#8e4a24", Ink: "#fff3e0", Panel: "#f5e6cb", PanelInk: "#5c2d13", Accent: "#efb866", Second: "#b9743f"}, // tan leather
	{Ground: "#d9dbe2", Ink: "#23283d", Panel: "#39446b", PanelInk: "#f1f1f6", Accent: "#39446b", Second: "#e0895b"}, // fog
	{Ground: "#0f4c53", Ink: "#f5efdc", Panel: "#f1e7cd", PanelInk: "#0f4047", Accent: "#ef8f5b", Second: "#3a8288"}, // petrol
	{Ground: "#b93a2b", Ink: "#fff6e6", Panel: "#fbefd8", PanelInk: "#7d2018", Accent: "#fbefd8", Second: "#7d2018"}, // vermilion
	{Ground: "#f0d9b8", Ink: "#3a2412", Panel: "#2e5a52", PanelInk: "#f8eedb", Accent: "#2e5a52", Second: "#cf7a3c"}, // sand
}
