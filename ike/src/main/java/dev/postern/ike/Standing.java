package dev.postern.ike;

/// One IKE SA as it stands.
///
/// @param peerSpi 0 until the peer has chosen one
/// @param initiator whether the IKE SA was made by our request
/// @param state the name of its state
public record Standing(long localSpi, long peerSpi, boolean initiator, String state) {}
