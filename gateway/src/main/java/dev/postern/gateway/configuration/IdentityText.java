package dev.postern.gateway.configuration;

import dev.postern.wire.Identity;

/// Identities as operators write them, in files and in commands.
public final class IdentityText {
    /// What may be written.
    public static final String LEGAL =
            "a host name, an e-mail address, an IP address, a distinguished name such as"
                    + " \"CN=alice, O=Example\", or \"keyid:\" and hexadecimal digits";

    private IdentityText() {}

    /// @throws IllegalArgumentException where the text is none; the message says why
    public static Identity parse(String text) {
        return NetworkTypes.identityOf(text);
    }
}
