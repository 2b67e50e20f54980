// Package redacttest has what tests need to look for a secret in a text: the
// forms in which a server may send it back, and a reader who decodes them.
package redacttest

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"html"
	"net/url"
	"strings"
)

// PercentAll escapes every byte. No library does so, but a server may.
func PercentAll(s string) string {
	var b strings.Builder
	for i := range len(s) {
		fmt.Fprintf(&b, "%%%02x", s[i])
	}
	return b.String()
}

func eachRune(format string) func(string) string {
	return func(s string) string {
		var b strings.Builder
		for _, r := range s {
			fmt.Fprintf(&b, format, r)
		}
		return b.String()
	}
}

// Encodings are the forms in which a server may send a text back.
func Encodings() map[string]func(string) string {
	forms := map[string]func(string) string{
		"plain":              func(s string) string { return s },
		"capitals":           strings.ToUpper,
		"small letters":      strings.ToLower,
		"path":               url.PathEscape,
		"query":              url.QueryEscape,
		"query twice":        func(s string) string { return url.QueryEscape(url.QueryEscape(s)) },
		"query three times":  func(s string) string { return url.QueryEscape(url.QueryEscape(url.QueryEscape(s))) },
		"every byte":         PercentAll,
		"every byte twice":   func(s string) string { return PercentAll(PercentAll(s)) },
		"HTML":               html.EscapeString,
		"HTML twice":         func(s string) string { return html.EscapeString(html.EscapeString(s)) },
		"HTML, decimal":      eachRune("&#%d;"),
		"HTML, zeros":        eachRune("&#00%d;"),
		"HTML, hexadecimal":  eachRune("&#x%x;"),
		"HTML, capitals":     eachRune("&#X%X;"),
		"HTML in a query":    func(s string) string { return url.QueryEscape(eachRune("&#%d;")(s)) },
		"JSON":               func(s string) string { return strings.Trim(fmt.Sprintf("%q", s), `"`) },
		"JSON, every letter": eachRune(`\u%04x`),
		"JSON, capitals":     eachRune(`\u%04X`),
		"JSON in JSON":       eachRune(`\\u%04x`),
		"old browsers":       eachRune("%%u%04x"),
		"every layer at once": func(s string) string {
			return url.QueryEscape(html.EscapeString(eachRune(`\u%04x`)(s)))
		},
		"hexadecimal": func(s string) string { return hex.EncodeToString([]byte(s)) },
		"base64":      func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) },
		"base64 of URLs": func(s string) string {
			return base64.RawURLEncoding.EncodeToString([]byte(s))
		},
		"base64 in a query": func(s string) string {
			return url.QueryEscape(base64.StdEncoding.EncodeToString([]byte(s)))
		},
		"base64 twice": func(s string) string {
			return base64.StdEncoding.EncodeToString([]byte(base64.URLEncoding.EncodeToString([]byte(s))))
		},
	}
	for before := range 4 {
		id := "Id-7"[:before]
		forms[fmt.Sprint("Basic ", before)] = func(s string) string {
			return "Basic " + base64.StdEncoding.EncodeToString([]byte(id+":"+s))
		}
		forms[fmt.Sprint("base64 with more behind ", before)] = func(s string) string {
			return base64.RawURLEncoding.EncodeToString([]byte(id + s + " and more"))
		}
	}
	return forms
}

// Tells reports whether a text shows one of the pieces, also after decoding it.
func Tells(text string, pieces ...string) bool {
	for range 6 {
		for _, piece := range pieces {
			if strings.Contains(strings.ToLower(text), strings.ToLower(piece)) {
				return true
			}
		}
		for _, word := range strings.FieldsFunc(text, isNotBase64) {
			for _, decoded := range decodings(word) {
				for _, piece := range pieces {
					if strings.Contains(decoded, piece) {
						return true
					}
				}
			}
		}
		decoded, err := url.PathUnescape(text)
		if err != nil {
			decoded = text
		}
		undone := escapedInJSON.Replace(html.UnescapeString(decoded))
		if undone == text {
			return false
		}
		text = undone
	}
	return false
}

var (
	inStandardBase64 = strings.NewReplacer("-", "+", "_", "/")
	escapedInJSON    = strings.NewReplacer(`\u0040`, "@", `\"`, `"`, `\\`, `\`)
)

func isNotBase64(r rune) bool {
	return !strings.ContainsRune("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_", r)
}

// decodings returns what a word means in base64 from each position in a group,
// and in hexadecimal digits.
func decodings(word string) []string {
	var list []string
	for skip := range min(4, len(word)) {
		encoded := inStandardBase64.Replace(word[skip:])
		if decoded, err := base64.RawStdEncoding.DecodeString(encoded[:len(encoded)-len(encoded)%4]); err == nil {
			list = append(list, string(decoded))
		}
	}
	if decoded, err := hex.DecodeString(word); err == nil {
		list = append(list, string(decoded))
	}
	return list
}
