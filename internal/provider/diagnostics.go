package provider

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer"
)

// A question is what a data source asked, for the answer to speak of.
type question struct {
	// attribute is the argument that selects; value is its value, for one customer.
	attribute, value string
	// list is set if several customers were asked for; attribute is then the one
	// that refusals are most likely about. filtered is set if there is a filter
	// beside a list of keys.
	list, filtered bool
	// related is the relationship that was followed, from the customer whose ID
	// value is; list is set then too.
	related string
	// credentials is set if the provider requested the token itself.
	credentials bool
}

// The arguments that select the customers of a list.
const (
	attrFilter = "filter"
	attrIDs    = "ids"
	attrEmails = "emails"
)

// keyed tells whether the customers of a list were asked for by a list of keys.
func (q question) keyed() bool { return q.attribute == attrIDs || q.attribute == attrEmails }

// aboutFilter tells whether an error of a list of keys is about a filter that is
// set beside it: then the API names another predicate than the list's own.
func (q question) aboutFilter(e *commercelayer.Error) bool {
	own := either(q.attribute == attrIDs, "id_in", "email_in")
	return q.filtered && !strings.Contains(e.API[0].String(), own)
}

// subject names what was asked for. An e-mail address is shown as a hint only:
// diagnostics end up in logs, and the CLI shows the line of the configuration.
func (q question) subject() string {
	switch {
	case q.related != "":
		return fmt.Sprintf("the related resources `%s` of the customer with the ID %q",
			commercelayer.Redact(q.related), commercelayer.Redact(q.value))
	case q.list:
		return "the customers"
	case q.attribute == "email":
		return "the customer with the e-mail address " + maskEmail(q.value)
	}
	return fmt.Sprintf("the customer with the ID %q", commercelayer.Redact(q.value))
}

// maskEmail leaves of an address what its owner and its user recognize: how the
// name and the domain begin, and a top-level domain that many have.
func maskEmail(email string) string {
	at := strings.LastIndexByte(email, '@')
	if at <= 0 || at == len(email)-1 {
		return "in `email`"
	}
	local, domain := email[:at], email[at+1:]
	return initial(local) + "…@" + initial(domain) + "…" + commonSuffix.FindString(domain)
}

// commonSuffix matches a top-level domain that is too short to be a name.
var commonSuffix = regexp.MustCompile(`\.[A-Za-z]{2,4}$`)

// initial returns the first character that can be seen.
func initial(s string) string {
	for _, r := range s {
		if r != utf8.RuneError && unicode.IsPrint(r) && r != '"' && r != '\'' {
			return string(r)
		}
	}
	return ""
}

// diagnose turns an error of the client into a diagnostic: what failed, what was
// asked and answered, and what to do.
func diagnose(err error, q question, now time.Time) diag.Diagnostic {
	if large, ok := errors.AsType[*resultTooLargeError](err); ok {
		return large.diagnostic()
	}
	var e *commercelayer.Error
	if !errors.As(err, &e) {
		e = &commercelayer.Error{Class: commercelayer.ErrInternal, Reason: fmt.Sprintf("an error of the type %T", err)}
	}
	t := explain(e, q, now)
	detail := strings.Join(nonEmpty(t.what, facts(e), t.advice), "\n\n")
	if t.attribute != "" {
		return diag.NewAttributeErrorDiagnostic(path.Root(t.attribute), t.summary, detail)
	}
	return diag.NewErrorDiagnostic(t.summary, detail)
}

// facts lists what was asked and what came back. Lines that start with a blank
// are not wrapped by the CLI.
func facts(e *commercelayer.Error) string {
	var lines []string
	add := func(name, text string) {
		lines = append(lines, fmt.Sprintf("  %-12s", name+":")+text)
	}
	if e.Method != "" {
		request := e.Method + " " + e.Path
		if e.Host != "" {
			request += " at " + e.Host
		}
		add("Request", request)
	}
	if e.Status != 0 {
		add("Answer", e.StatusText())
	}
	for _, a := range e.API {
		add("API error", a.String())
	}
	if e.RequestID != "" {
		add("Request ID", e.RequestID)
	}
	if e.Cause != nil {
		add("Cause", e.Cause.Error())
	}
	if e.Attempts > 0 {
		took := fmt.Sprintf("%d, in %s", e.Attempts, humanDuration(e.Elapsed))
		if e.Waited >= time.Second {
			took += fmt.Sprintf(", of which %s waiting for the rate limit", humanDuration(e.Waited))
		}
		add("Attempts", took)
	}
	return strings.Join(lines, "\n")
}

func nonEmpty(texts ...string) []string {
	var list []string
	for _, t := range texts {
		if t != "" {
			list = append(list, t)
		}
	}
	return list
}

// thousands writes a number with separators: 10,000.
func thousands(n int) string {
	text := strconv.Itoa(n)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}
