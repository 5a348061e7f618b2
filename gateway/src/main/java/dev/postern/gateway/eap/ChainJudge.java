package dev.postern.gateway.eap;

import org.jspecify.annotations.Nullable;

import java.security.cert.X509Certificate;
import java.util.List;

/// What has a say about the other end's certificates once TLS has found them good: whether one is
/// revoked. Called on a thread that may wait.
@FunctionalInterface
public interface ChainJudge {
    /// Objects to nothing.
    ChainJudge LENIENT = _ -> null;

    /// Why the chain, the other end's own certificate first, is refused; null where it is not.
    @Nullable String faultOf(List<X509Certificate> chain);
}
