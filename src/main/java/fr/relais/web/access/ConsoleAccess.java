package fr.relais.web.access;

import fr.relais.settings.Settings;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import java.security.Principal;
import java.time.Clock;
import java.util.function.Predicate;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.web.servlet.ServletListenerRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpMethod;
import org.springframework.security.authentication.ProviderManager;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.RequestCacheConfigurer;
import org.springframework.security.core.Authentication;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.intercept.AuthorizationFilter;
import org.springframework.security.web.csrf.CookieCsrfTokenRepository;
import org.springframework.security.web.header.writers.ReferrerPolicyHeaderWriter.ReferrerPolicy;
import org.springframework.security.web.session.HttpSessionEventPublisher;

/**
 * The access rules of the console. It is the only part with sessions, and only people who have signed in have one. A
 * stranger therefore cannot use up the memory for sessions.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnWebApplication
class ConsoleAccess {

    /** Allows a script and a stream of the console's own, nothing from other hosts and nothing inline. */
    private static final String CONTENT_SECURITY_POLICY = "default-src 'none'; script-src 'self'; connect-src 'self';"
            + " style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    private static final int SESSIONS_OF_ONE_PERSON = 10;

    @Bean
    @Order(1)
    SecurityFilterChain consoleSecurity(
            HttpSecurity http, ApiKeys keys, Settings settings, LocalOperatorConverter local) {
        SignIn signIn = new SignIn(keys, settings, Clock.systemUTC());
        SignInRefusals refusals = new SignInRefusals();
        return http.securityMatcher("/console/**")
                .authenticationManager(new ProviderManager(signIn))
                .csrf(csrf -> csrf.csrfTokenRepository(tokens()))
                .requestCache(RequestCacheConfigurer::disable)
                .sessionManagement(session ->
                        session.maximumSessions(SESSIONS_OF_ONE_PERSON).expiredUrl("/console/login"))
                .headers(headers -> headers.httpStrictTransportSecurity(strict -> strict.includeSubDomains(false))
                        .contentSecurityPolicy(policy -> policy.policyDirectives(CONTENT_SECURITY_POLICY))
                        .referrerPolicy(policy -> policy.policy(ReferrerPolicy.SAME_ORIGIN)))
                .formLogin(form -> form.loginPage("/console/login")
                        .usernameParameter("name")
                        .failureHandler(refusals)
                        .successHandler((request, response, operator) -> response.sendRedirect(target(request))))
                .logout(logout -> logout.logoutUrl("/console/logout").logoutSuccessUrl("/console/login"))
                .addFilterBefore(
                        new KeyFilter(new ProviderManager(LocalOperatorConverter.provider()), local, request -> false),
                        AuthorizationFilter.class)
                .addFilterBefore(new RevokedKeyFilter(keys), AuthorizationFilter.class)
                .authorizeHttpRequests(requests -> requests.dispatcherTypeMatchers(
                                DispatcherType.ERROR, DispatcherType.FORWARD, DispatcherType.ASYNC)
                        .permitAll()
                        .requestMatchers("/console/login")
                        .permitAll()
                        // The pages that lead to a change.
                        .requestMatchers(
                                "/console/removals/*/*",
                                "/console/reports/*/resend",
                                "/console/reports/*/delivered",
                                "/console/events/replay",
                                "/console/licence/*/*")
                        .hasRole(Access.OPERATOR)
                        .requestMatchers(HttpMethod.GET)
                        .hasAnyRole(Access.OPERATOR, Access.AUDITOR)
                        .requestMatchers(HttpMethod.HEAD)
                        .hasAnyRole(Access.OPERATOR, Access.AUDITOR)
                        .anyRequest()
                        .hasRole(Access.OPERATOR))
                .exceptionHandling(
                        failures -> failures.authenticationEntryPoint(refusals).accessDeniedHandler(refusals))
                .build();
    }

    /** Returns whether a principal may still open the console, for streams that stay open. */
    @Bean
    Predicate<Principal> maySeeConsole(ApiKeys keys) {
        return principal -> !(principal instanceof Authentication signedIn
                && signedIn.getPrincipal() instanceof ConsoleUser user
                && !keys.isValid(user));
    }

    /** Keeps the token in a cookie, because a stranger at the login page has no session. */
    private static CookieCsrfTokenRepository tokens() {
        CookieCsrfTokenRepository tokens = new CookieCsrfTokenRepository();
        tokens.setCookieName("relais-csrf");
        tokens.setCookiePath("/console");
        tokens.setCookieCustomizer(cookie -> cookie.sameSite("Lax"));
        return tokens;
    }

    /** Returns the page of the console that the person wanted to open. */
    private static String target(HttpServletRequest request) {
        String to = request.getParameter("to");
        return to != null && to.matches("/console/[a-z0-9/-]+") ? to : "/console";
    }

    /** Tells Spring Security when a session ends. */
    @Bean
    ServletListenerRegistrationBean<HttpSessionEventPublisher> sessionEnds() {
        return new ServletListenerRegistrationBean<>(new HttpSessionEventPublisher());
    }
}
