package dev.postern.lab.matrix;

/// What a failure cost.
///
/// @param lost echo requests, one every 20 ms, that were never answered
/// @param outageMillis the longest time without an answer
/// @param restartMillis how long the gateway took to start again, 0 where it was not
/// @param conversation IKE messages that the client sent and got until it was answered again
/// @param aaaRequests Access-Requests that FreeRADIUS saw meanwhile
/// @param by how the session came to the gateway that serves now: the client's own word; "kept"
///   where it never left
/// @param addressKept whether the inner address is the one from before; true in transport mode
record Outcome(
        int lost,
        long outageMillis,
        long restartMillis,
        Conversation conversation,
        int aaaRequests,
        String by,
        boolean addressKept) {
    String text() {
        return "%d lost, %.1f s, %d messages, %d AAA"
                .formatted(lost, outageMillis / 1000.0, conversation.count(), aaaRequests);
    }
}
