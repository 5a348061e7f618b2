package dev.postern.esp;

/// Whether hosts behind the peer are heard through an SA pair, which says more than that the peer
/// is. Who cannot forward packets may still send some: ICMP errors of its own.
///
/// @param questions packets sealed that may have an answer: to one host, and no ICMP errors
/// @param answers packets opened but for ICMP errors
public record Dialogue(long questions, long answers) {
    public static final Dialogue NONE = new Dialogue(0, 0);
}
