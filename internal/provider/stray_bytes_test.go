package provider

import (
	"net/http"
	"strings"
	"testing"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

// TestAccBytesAroundAnAnswerAreNeitherLoggedNorShown has servers that send
// bytes after the end of an answer, or bytes that are not HTTP. Go's net/http
// quotes such bytes in errors and writes them to the standard logger. The tests
// of the client have more forms.
func TestAccBytesAroundAnAnswerAreNeitherLoggedNorShown(t *testing.T) {
	t.Parallel()
	const (
		personal = "Private Person of Secret Street"
		id       = emulator.SeedCustomerID
	)
	customer := `{"data":{"id":"` + id + `","type":"customers","attributes":{"email":"` + addressOfUser +
		`","metadata":{"who":"` + personal + `"}}}}`
	token := `{"access_token":"` + secretToken + `","token_type":"Bearer","expires_in":7200}`
	type form struct {
		answer func(body string) string
		// fails is set if no client can read the answer.
		fails bool
	}
	forms := map[string]form{
		"bytes after the end":  {answer: func(body string) string { return plainAnswer(body) + body }},
		"two answers":          {answer: func(body string) string { return plainAnswer(body) + plainAnswer(body) }},
		"no header":            {fails: true, answer: func(body string) string { return body + "\r\n\r\n" }},
		"a body in the header": {fails: true, answer: func(body string) string { return "HTTP/1.1 200 OK\r\n" + body + "\r\n\r\n" }},
		"an endless line of header": {fails: true, answer: func(body string) string {
			return "HTTP/1.1 200 OK\r\nX-Filler: " + strings.Repeat(body, 1+(300<<10)/len(body)) + "\r\n\r\n"
		}},
		"a switch to another protocol": {fails: true, answer: func(body string) string {
			return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: " + body + "\r\nConnection: upgrade\r\n\r\n" + body
		}},
	}
	for name, form := range forms {
		for _, atTheTokenEndpoint := range []bool{false, true} {
			where := either(atTheTokenEndpoint, "token endpoint: ", "API: ")
			t.Run(where+name, func(t *testing.T) {
				t.Parallel()
				url := startOddServer(t, func(r *http.Request) string {
					body := customer
					if r.URL.Path == "/oauth/token" {
						body = token
					}
					if (r.URL.Path == "/oauth/token") == atTheTokenEndpoint {
						return form.answer(body)
					}
					return plainAnswer(body)
				})
				c := newProcessCLI(t, providerBlock(impatient)+customerByID(id)+"\n", "COMMERCELAYER_DOMAIN="+url,
					"COMMERCELAYER_CLIENT_ID=i", "COMMERCELAYER_CLIENT_SECRET="+secretOfClient)
				c.env = append(c.env, "TF_LOG=TRACE", "TF_LOG_PATH="+c.path("trace.log"))
				c.debug()
				result := c.run("plan", "-no-color")
				if result.failed != form.fails {
					t.Fatalf("failed: %t\n%s%s", result.failed, result.stdout, result.stderr)
				}
				log := c.read("trace.log") + c.read(providerLog)
				if !strings.Contains(log, "endpoint attempt") {
					t.Error("no request was logged")
				}
				if i := strings.Index(log, "Unsolicited"); i >= 0 {
					t.Error("net/http has logged: " + log[i:min(i+300, len(log))])
				}
				for what, text := range map[string]string{"log": log, "output": result.stdout + result.stderr} {
					find(t, what, text, secretToken, secretOfClient, addressOfUser, personal, "private.person",
						"Private Person", "Secret Street")
				}
			})
		}
	}
}
