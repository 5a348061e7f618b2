package dev.postern.ike.negotiate;

import dev.postern.crypto.KeyExchangeMethod;
import dev.postern.wire.Proposal;
import dev.postern.wire.Transform;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/// The transform types Additional Key Exchange 1 to 7, RFC 9370 section 2.2.1.
final class AdditionalKeyExchanges {
    private AdditionalKeyExchanges() {}

    static boolean isOne(Transform transform) {
        return transform.type() >= Transform.ADDKE1 && transform.type() <= Transform.ADDKE7;
    }

    static boolean areIn(Proposal offer) {
        return offer.transforms().stream().anyMatch(AdditionalKeyExchanges::isOne);
    }

    /// One transform type each, from the first on.
    static List<Transform> offer(List<KeyExchangeMethod> methods) {
        List<Transform> transforms = new ArrayList<>(methods.size());
        for (int i = 0; i < methods.size(); i++) {
            transforms.add(new Transform(Transform.ADDKE1 + i, methods.get(i).transformId()));
        }
        return transforms;
    }

    /// Picks these methods, in this order, from what is offered: one of each type that is there,
    /// NONE where a type lets that be. Null where they cannot be picked.
    static @Nullable List<Transform> choose(List<KeyExchangeMethod> methods, Proposal offer) {
        List<Transform> chosen = new ArrayList<>();
        int next = 0;
        for (int type = Transform.ADDKE1; type <= Transform.ADDKE7; type++) {
            if (!Offers.hasType(offer, type)) {
                continue;
            }
            if (next < methods.size()
                    && Offers.contains(offer, type, methods.get(next).transformId(), 0)) {
                chosen.add(new Transform(type, methods.get(next).transformId()));
                next++;
            } else if (Offers.contains(offer, type, Transform.NONE, 0)) {
                chosen.add(new Transform(type, Transform.NONE));
            } else {
                return null;
            }
        }
        return next == methods.size() ? chosen : null;
    }

    /// The methods of a chosen proposal, whose types must be those of [#offer]; null where one is
    /// unknown or stands twice.
    static @Nullable List<KeyExchangeMethod> ofChosen(Proposal proposal) {
        List<KeyExchangeMethod> methods = new ArrayList<>();
        for (int type = Transform.ADDKE1; type <= Transform.ADDKE7; type++) {
            Transform transform = Offers.find(proposal, type);
            if (transform == null || transform.id() == Transform.NONE) {
                continue;
            }
            KeyExchangeMethod method = KeyExchangeMethod.of(transform.id()).orElse(null);
            if (method == null
                    || methods.contains(method)
                    || type != Transform.ADDKE1 + methods.size()) {
                return null;
            }
            methods.add(method);
        }
        return methods;
    }
}
