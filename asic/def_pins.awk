# Lets the metal of each signal pin of a routed DEF stick out of the die, since a via alone is below the least area that magic's DRC asks for.
/^DIEAREA/ { left = $3; bottom = $4; right = $7; top = $8 }
/^PINS/ { pins = 1 }
/^END PINS/ { pins = 0 }
pins && /LAYER metal[23] \( -15 -15 \) \( 15 15 \)/ { held = $0; next }
held != "" {
	x = $4; y = $5
	side = x - left; shape = "( -40 -15 ) ( 15 15 )"
	if (right - x < side) { side = right - x; shape = "( -15 -15 ) ( 40 15 )" }
	if (y - bottom < side) { side = y - bottom; shape = "( -15 -40 ) ( 15 15 )" }
	if (top - y < side) { side = top - y; shape = "( -15 -15 ) ( 15 40 )" }
	sub(/\( -15 -15 \) \( 15 15 \)/, shape, held)
	print held
	held = ""
}
{ print }
