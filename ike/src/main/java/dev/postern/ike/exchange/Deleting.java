package dev.postern.ike.exchange;

/// We have sent a Delete for the IKE SA; its Child SAs are gone already. The answer, or its
/// absence, ends it.
record Deleting() implements IkeSaState {}
