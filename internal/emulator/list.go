package emulator

import "net/http"

func (e *Emulator) list(w http.ResponseWriter, r *http.Request, token *token) {
	e.writeNotFound(w)
}
