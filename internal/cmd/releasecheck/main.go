// Command releasecheck builds the release of the current commit without
// publishing it. Then it verifies what no other check does:
//
//   - two builds give the same bytes,
//   - the binaries are static and know their version,
//   - the archives hold the files that licences require,
//   - gpg accepts the signature of the checksums,
//   - a CLI can install the provider.
//
// It works on clones. So it writes nothing into the tree, and builds only what is
// committed.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"syscall"
	"time"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "releasecheck:", err)
		os.Exit(1)
	}
}

func run(args []string) (err error) {
	flags := flag.NewFlagSet("releasecheck", flag.ExitOnError)
	cli := flags.String("cli", "", "path of the Terraform or OpenTofu binary that installs the result")
	only := flags.String(
		"targets",
		"",
		"build these targets only, such as \"linux_amd64 darwin_arm64\"; all by default",
	)
	if err := flags.Parse(args); err != nil {
		return err
	}

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()

	temp, err := os.MkdirTemp("", "releasecheck-")
	if err != nil {
		return fmt.Errorf("making a temporary directory: %w", err)
	}

	defer func() {
		if removeErr := os.RemoveAll(temp); err == nil {
			err = removeErr
		}
	}()

	build := builder{temp: temp, targets: parseTargets(*only), run: execute}
	if _, err := exec.LookPath("gpg"); err != nil {
		report("note: gpg is not installed, so the signature is not checked")
		return check(ctx, build, nil, *cli)
	}

	keys, err := newKeyring(ctx, build)
	if err != nil {
		return err
	}

	// An interrupt ends ctx, but the key has to be removed then too.
	defer func() { err = errors.Join(err, keys.close(context.WithoutCancel(ctx))) }()
	return check(ctx, build, &keys, *cli)
}

// check reports each fact as soon as it is verified, and stops at the first one
// that does not hold.
func check(ctx context.Context, build builder, keys *keyring, cli string) error {
	started := time.Now()

	report("Building the release twice: about half a minute for each target, and some minutes more the first time.")

	commit, err := build.commit(ctx)
	if err != nil {
		return err
	}

	if build.dirty(ctx) {
		report("note: the tree has uncommitted changes, and they are not part of this release")
	}

	made, err := build.release(ctx, commit, keys)
	if err != nil {
		return err
	}

	report("goreleaser built %s of commit %.12s in %s", made.version, commit, time.Since(started).Round(time.Second))

	verifications := []func() (string, error){
		made.verifyArchives,
		made.verifyChecksums,
		func() (string, error) { return made.verifyBinaries(commit) },
		made.verifyProvider,
		func() (string, error) { return build.verifyReproducible(ctx, commit, made) },
	}
	if keys != nil {
		verifications = append(verifications, func() (string, error) { return keys.verify(ctx, made) })
	}

	if cli != "" {
		verifications = append(verifications, func() (string, error) { return verifyInstall(ctx, cli, made) })
	}

	for _, verify := range verifications {
		fact, err := verify()
		if err != nil {
			return err
		}

		report("ok  %s", fact)
	}

	report("The release of this commit passed all checks in %s.", time.Since(started).Round(time.Second))
	return nil
}

func report(format string, values ...any) {
	fmt.Printf(format+"\n", values...)
}
