package dev.postern.gateway.discovery;

import org.jspecify.annotations.Nullable;
import org.xbill.DNS.lookup.InvalidZoneDataException;
import org.xbill.DNS.lookup.NoSuchDomainException;
import org.xbill.DNS.lookup.NoSuchRRSetException;
import org.xbill.DNS.lookup.RedirectLoopException;
import org.xbill.DNS.lookup.RedirectOverflowException;
import org.xbill.DNS.lookup.ServerFailedException;

import java.io.IOException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;

/// Why there is no answer, in words.
final class LookupTrouble {
    private LookupTrouble() {}

    static String of(@Nullable Throwable failure) {
        return switch (failure) {
            case CompletionException wrapped -> of(wrapped.getCause());
            case NoSuchDomainException _ -> "the name does not exist";
            case NoSuchRRSetException _ -> "the name has no such records";
            case RedirectLoopException _ -> "its aliases run in a circle";
            case RedirectOverflowException _ -> "its aliases run in a circle, or are too many";
            case ServerFailedException _ -> "the name servers cannot answer (SERVFAIL)";
            case InvalidZoneDataException e -> "its zone is broken: " + e.getMessage();
            case TimeoutException _ -> "no name server answers";
            case IOException e -> "no name server answers: " + e.getMessage();
            case null -> "there is no answer";
            default -> "the lookup failed: " + failure.getMessage();
        };
    }
}
