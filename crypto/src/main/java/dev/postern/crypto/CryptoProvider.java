package dev.postern.crypto;

/// Where the primitives come from on this machine.
public final class CryptoProvider {
    private CryptoProvider() {}

    /// What the library calls itself, for status pages and reports: "OpenSSL 3.0.22 ..." or "JDK".
    ///
    /// The first call of a process finds and links the library, which takes a few tenths of a
    /// second: a program calls it while it starts, so that no exchange pays for it.
    public static String description() {
        return Primitives.preferred().name();
    }
}
