package dev.postern.cluster;

import org.jspecify.annotations.Nullable;

/// What stands in the domain under [LentAddresses#taken]: who lets a client keep an address of
/// another site's share.
public record TakenNote(String site, String node) {
    private static final int SITE = 1;
    private static final int NODE = 2;

    public byte[] encode() {
        return Fields.empty().with(SITE, site).with(NODE, node).encode();
    }

    /// Whether a site other than this one says so.
    ///
    /// @param said null where nobody says anything
    public static boolean isOfAnother(byte @Nullable [] said, String site) {
        Fields note = said == null ? null : Fields.decode(said);
        return note != null && !note.text(SITE).equals(site);
    }
}
