package jsonapi

// link reads a link: a URL, or an object with the URL in href. It is nil for
// null.
func link(what string, raw []byte) (*string, error) {
	switch kindOf(raw) {
	case null:
		return nil, nil
	case text:
		return new(decodeString(raw)), nil
	case object:
		var href *string
		for name, value := range members(raw) {
			if string(name) != "href" {
				continue
			}
			switch kindOf(value) {
			case text:
				href = new(decodeString(value))
			case null:
				href = nil
			default:
				return nil, wrongKind("the href of "+what, value)
			}
		}
		return href, nil
	default:
		return nil, wrongKind(what, raw)
	}
}
