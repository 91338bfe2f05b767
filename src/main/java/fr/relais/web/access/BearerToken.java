package fr.relais.web.access;

import java.util.List;
import org.springframework.security.authentication.AbstractAuthenticationToken;

/** An API key, sent as a bearer token, that has not been checked yet. */
final class BearerToken extends AbstractAuthenticationToken {

    private final String key;

    BearerToken(String key) {
        super(List.of());
        this.key = key;
    }

    @Override
    public String getCredentials() {
        return key;
    }

    /** Returns an empty name, because the holder is not known before the key is checked. */
    @Override
    public String getPrincipal() {
        return "";
    }
}
