package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// keyring holds a key that exists only during this run. With it, the check makes
// and verifies a real signature. This is needed because goreleaser can write the
// checksums again after it has signed them. Then the signature would be wrong.
type keyring struct {
	env []string
	run func(ctx context.Context, dir string, env []string, name string, args ...string) (string, error)
}

func newKeyring(ctx context.Context, b builder) (keyring, error) {
	home := filepath.Join(b.temp, "gnupg")
	if err := os.Mkdir(home, 0o700); err != nil {
		return keyring{}, fmt.Errorf("making a directory for the key: %w", err)
	}

	keys := keyring{env: []string{"GNUPGHOME=" + home}, run: b.run}

	_, err := keys.run(ctx, home, keys.env, "gpg", "--batch", "--quiet", "--passphrase", "",
		"--quick-generate-key", "release check <nobody@example.com>", "rsa2048", "sign", "1d")
	if err != nil {
		return keyring{}, fmt.Errorf("making a key: %w", err)
	}

	listing, err := keys.run(ctx, home, keys.env, "gpg", "--batch", "--list-secret-keys", "--with-colons")
	if err != nil {
		return keyring{}, fmt.Errorf("reading the key: %w", err)
	}

	fingerprint, err := parseFingerprint(listing)
	if err != nil {
		return keyring{}, err
	}

	keys.env = append(keys.env, "GPG_FINGERPRINT="+fingerprint)
	return keys, nil
}

// close ends the agent process that gpg started for the key.
func (k keyring) close(ctx context.Context) error {
	if _, err := k.run(ctx, ".", k.env, "gpgconf", "--kill", "gpg-agent"); err != nil {
		return fmt.Errorf("stopping the agent of the key: %w", err)
	}
	return nil
}

func (k keyring) verify(ctx context.Context, d dist) (string, error) {
	signed, err := d.checksums()
	if err != nil {
		return "", err
	}
	if _, err := k.run(ctx, ".", k.env, "gpg", "--batch", "--verify", signed+".sig", signed); err != nil {
		return "", fmt.Errorf("gpg refuses the signature of the checksums: %w", err)
	}

	content, err := os.ReadFile(signed + ".sig")
	if err != nil {
		return "", fmt.Errorf("reading the signature: %w", err)
	}

	if strings.HasPrefix(string(content), "-----BEGIN") {
		return "", fmt.Errorf(
			"%s.sig is armoured, and the Registry takes binary signatures only",
			filepath.Base(signed),
		)
	}
	return filepath.Base(signed) + ".sig is a binary signature of the checksums, made with a temporary key", nil
}

// parseFingerprint finds the fingerprint in the output of gpg --with-colons.
func parseFingerprint(listing string) (string, error) {
	for line := range strings.Lines(listing) {
		if fields := strings.Split(line, ":"); fields[0] == "fpr" && len(fields) > 9 {
			return fields[9], nil
		}
	}
	return "", fmt.Errorf("gpg listed no key: %q", listing)
}
