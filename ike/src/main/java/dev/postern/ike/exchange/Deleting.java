package dev.postern.ike.exchange;

import dev.postern.ike.Event.CloseReason;

/// We have told the peer that the IKE SA ends, by a Delete or by parking it; its Child SAs are gone
/// already. The answer, or its absence, ends it.
///
/// @param reason what is told when it has ended
record Deleting(CloseReason reason) implements IkeSaState {}
