package jsonapi

// link reads a link: a URL, or an object with the URL in href. It is nil for
// null, for an empty text, and if it was not sent.
func link(what string, raw []byte) (*string, error) {
	if kindOf(raw) != object {
		return optionalText(what, raw)
	}
	var href []byte
	pick(raw, wanted{"href", &href})
	return optionalText("the href of "+what, href)
}

// optionalText reads a text. It is nil for null, for an empty text, which tells
// as little, and if it was not sent.
func optionalText(what string, raw []byte) (*string, error) {
	switch kindOf(raw) {
	case missing, null:
		return nil, nil
	case text:
		if value := decodeString(raw); value != "" {
			return &value, nil
		}
		return nil, nil
	default:
		return nil, wrongKind(what, raw)
	}
}
