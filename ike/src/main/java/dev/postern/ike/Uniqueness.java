package dev.postern.ike;

/// What a new IKE SA in full means for those that its authenticated identity has already (RFC 7296
/// section 2.4). A resume continues a session that was admitted; nothing here concerns it.
public enum Uniqueness {
    /// The others end where the peer says INITIAL_CONTACT; else they stay.
    INITIAL_CONTACT,
    /// The others end.
    REPLACE,
    /// The new one is refused as long as another stands, but for a peer that says INITIAL_CONTACT,
    /// whose others end, and for one at the same address, which reauthenticates.
    KEEP,
    /// The others stay, whatever the peer says: several devices share the identity. A client does
    /// not say INITIAL_CONTACT then.
    NEVER
}
