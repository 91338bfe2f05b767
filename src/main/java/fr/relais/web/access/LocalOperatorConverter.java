package fr.relais.web.access;

import static org.springframework.security.core.authority.AuthorityUtils.createAuthorityList;

import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.regex.Pattern;
import org.springframework.http.HttpHeaders;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.web.authentication.AuthenticationConverter;
import org.springframework.security.web.authentication.preauth.PreAuthenticatedAuthenticationProvider;
import org.springframework.security.web.authentication.preauth.PreAuthenticatedAuthenticationToken;
import org.springframework.security.web.util.matcher.IpAddressMatcher;

/** A converter that treats a request from the machine itself without a key as an operator's, if a setting allows it. */
final class LocalOperatorConverter implements AuthenticationConverter {

    private static final String NAME = "local";

    private static final List<IpAddressMatcher> LOOPBACK =
            List.of(new IpAddressMatcher("127.0.0.0/8"), new IpAddressMatcher("::1"));

    /**
     * The names by which a browser on the machine reaches it. A page of another site can make a name of its own lead to
     * the machine, but it cannot choose one of these.
     */
    private static final Pattern LOCAL_NAME =
            Pattern.compile("(.+\\.)?localhost|127(\\.\\d{1,3}){3}|\\[::1]", Pattern.CASE_INSENSITIVE);

    private final boolean isAllowed;

    LocalOperatorConverter(boolean isAllowed) {
        this.isAllowed = isAllowed;
    }

    /** Returns the provider that accepts the requests that this converter recognised. */
    static AuthenticationProvider provider() {
        PreAuthenticatedAuthenticationProvider provider = new PreAuthenticatedAuthenticationProvider();
        provider.setPreAuthenticatedUserDetailsService(
                token -> new User(NAME, "", createAuthorityList("ROLE_" + Access.OPERATOR)));
        return provider;
    }

    @Override
    public Authentication convert(HttpServletRequest request) {
        return isLocal(request) ? new PreAuthenticatedAuthenticationToken(NAME, "") : null;
    }

    private boolean isLocal(HttpServletRequest request) {
        return isAllowed
                && request.getHeader(HttpHeaders.AUTHORIZATION) == null
                && request.getHeader("X-Forwarded-For") == null
                && request.getHeader("Forwarded") == null
                && LOCAL_NAME.matcher(request.getServerName()).matches()
                && LOOPBACK.stream().anyMatch(loopback -> loopback.matches(request));
    }
}
