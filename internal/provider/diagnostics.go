package provider

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer"
)

// An operation describes what a data source or an ephemeral resource asked the
// API for. The texts of errors name it.
type operation struct {
	// noun is what texts call that which is read. If related is set, it is what the
	// value is the ID of.
	noun noun
	// attribute is the argument that selects what is read. If a single customer
	// is read, value is the value of that argument.
	attribute, value string
	// list is set if a list is read. The attribute is then the argument that
	// the API most likely refuses.
	list bool
	// filtered is set if the configuration has a list of keys and also a
	// filter.
	filtered bool
	// related is the relationship that is followed, or empty. If it is set,
	// value is the ID of the customer, and list is set too.
	related string
	provenance
}

// The arguments that select the customers of a list.
const (
	attrFilter = "filter"
	attrIDs    = "ids"
	attrEmails = "emails"
)

// keyed tells whether customers are read by a list of keys: `ids` or `emails`.
func (o operation) keyed() bool { return o.attribute == attrIDs || o.attribute == attrEmails }

// aboutFilter tells whether the API refused the argument `filter`, and not the
// list of keys that is set together with it. The API names the predicate that
// it refuses. The provider sends a list of keys as the predicate id_in or
// email_in.
func (o operation) aboutFilter(e *commercelayer.Error) bool {
	if !o.filtered {
		return false
	}
	// Whole words keep id_in apart from predicates such as customer_group_id_in.
	words := strings.FieldsFunc(e.API[0].String(), func(r rune) bool {
		return r != '_' && !unicode.IsLetter(r) && !unicode.IsDigit(r)
	})
	return !slices.Contains(words, either(o.attribute == attrIDs, "id_in", "email_in"))
}

// subject names what is read, for use in a sentence. It masks an e-mail
// address, because diagnostics end up in logs. The user sees the whole address
// in the line of the configuration that the CLI shows.
func (o operation) subject() string {
	switch {
	case o.related != "":
		return fmt.Sprintf("the related resources `%s` of the %s with the ID %q",
			o.known.Name(o.related), o.noun.one, o.known.Name(o.value))
	case o.list:
		return "the " + o.noun.many
	case o.attribute == "email":
		return "the " + o.noun.one + " with the e-mail address " + maskEmail(o.value)
	}
	return fmt.Sprintf("the %s with the ID %q", o.noun.one, o.known.Name(o.value))
}

// maskEmail keeps only the parts of an e-mail address that help a user to
// recognize it: the first letters of the name and the domain, and a short
// top-level domain.
func maskEmail(email string) string {
	at := strings.LastIndexByte(email, '@')
	if at <= 0 || at == len(email)-1 {
		return "in `email`"
	}
	local, domain := email[:at], email[at+1:]
	return initial(local) + "…@" + initial(domain) + "…" + commonSuffix.FindString(domain)
}

// commonSuffix matches a top-level domain. It matches short ones only, because
// a long one may be the name of a person or a company.
var commonSuffix = regexp.MustCompile(`\.[A-Za-z]{2,4}$`)

// initial returns the first printable character that is not a quote.
func initial(s string) string {
	for _, r := range s {
		if r != utf8.RuneError && unicode.IsPrint(r) && r != '"' && r != '\'' {
			return string(r)
		}
	}
	return ""
}

// diagnose turns an error of the client into a diagnostic. Its text says what
// failed, what the request and the answer were, and what to do.
func diagnose(err error, o operation) diag.Diagnostic {
	if large, ok := errors.AsType[*resultTooLargeError](err); ok {
		return diag.NewErrorDiagnostic(tooLargeSummary, large.detail())
	}
	var e *commercelayer.Error
	if !errors.As(err, &e) {
		e = &commercelayer.Error{Class: commercelayer.ErrInternal, Reason: "there was an error that the provider does not " +
			"know"}
	}
	t := explain(e, o)
	if !e.Outage.IsZero() {
		t.what = explainOutage(e, o)
	}
	made := strings.NewReplacer(o.names...)
	detail := joined("\n\n", made.Replace(t.what), facts(e), made.Replace(t.advice))
	return beside(t.attribute, diag.NewErrorDiagnostic(t.summary, detail))
}

// beside puts a diagnostic beside an argument. If the argument is empty, the
// diagnostic is about the whole.
func beside(argument string, d diag.Diagnostic) diag.Diagnostic {
	if argument == "" {
		return d
	}
	return diag.WithPath(path.Root(argument), d)
}

// facts lists the request and the answer, one fact a line. Each line starts
// with a space, because the CLI does not wrap such lines.
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
