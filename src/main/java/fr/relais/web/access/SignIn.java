package fr.relais.web.access;

import static org.springframework.security.core.authority.AuthorityUtils.createAuthorityList;

import fr.relais.settings.Settings;
import java.security.MessageDigest;
import java.time.Clock;
import java.util.Optional;
import org.apache.commons.codec.digest.DigestUtils;
import org.springframework.dao.DataAccessException;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.web.authentication.WebAuthenticationDetails;

/**
 * The check of name and password at the console. The password is the key of the operator or auditor with that
 * name. If
 * {@code relais.console.password} is set, it is the only password of the name {@code operator}.
 */
final class SignIn implements AuthenticationProvider {

    /** The name for the password of the settings, and for the first key. */
    static final String NAME = "operator";

    private final ApiKeys keys;
    private final Optional<byte[]> passwordHash;
    private final SignInAttempts attempts;

    SignIn(ApiKeys keys, Settings settings, Clock clock) {
        this.keys = keys;
        this.passwordHash = settings.consolePassword().map(DigestUtils::sha256);
        this.attempts = new SignInAttempts(clock);
    }

    /**
     * @throws SignInAttempts.TooMany after too many failures
     * @throws AuthenticationServiceException when the database is down
     */
    @Override
    public Authentication authenticate(Authentication given) {
        String name = given.getName();
        String address = ((WebAuthenticationDetails) given.getDetails()).getRemoteAddress();
        attempts.count(address, isPassword(name));
        try {
            ConsoleUser user = user(name, (String) given.getCredentials())
                    .orElseThrow(() -> new BadCredentialsException("nobody has this name and key"));
            attempts.forget(address, isPassword(name));
            return UsernamePasswordAuthenticationToken.authenticated(
                    user, null, createAuthorityList("ROLE_" + user.role()));
        } catch (DataAccessException e) {
            attempts.giveBack(address);
            throw new AuthenticationServiceException("keys cannot be checked now", e);
        }
    }

    private Optional<ConsoleUser> user(String name, String password) {
        if (isPassword(name)) {
            // Compares all bytes, so that the time tells nothing about the password.
            return MessageDigest.isEqual(passwordHash.get(), DigestUtils.sha256(password))
                    ? Optional.of(new ConsoleUser(NAME, Access.OPERATOR, null))
                    : Optional.empty();
        }
        return keys.consoleUser(name, password);
    }

    private boolean isPassword(String name) {
        return passwordHash.isPresent() && name.equals(NAME);
    }

    @Override
    public boolean supports(Class<?> type) {
        return type == UsernamePasswordAuthenticationToken.class;
    }
}
