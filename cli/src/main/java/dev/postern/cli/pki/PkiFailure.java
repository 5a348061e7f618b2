package dev.postern.cli.pki;

/// Why a command did not do its work, for people: what was seen and what is wanted.
final class PkiFailure extends Exception {
    private static final long serialVersionUID = 1;

    PkiFailure(String message) {
        super(message);
    }
}
