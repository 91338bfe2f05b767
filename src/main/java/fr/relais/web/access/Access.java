package fr.relais.web.access;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.tomcat.TomcatConnectorCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpMethod;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configuration.EnableWebSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.config.observation.SecurityObservationSettings;
import org.springframework.security.core.authority.SimpleGrantedAuthority;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.core.userdetails.UsernameNotFoundException;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.intercept.AuthorizationFilter;
import org.springframework.security.web.header.writers.ReferrerPolicyHeaderWriter.ReferrerPolicy;
import org.springframework.web.filter.OncePerRequestFilter;

/** Who may ask for what. What is not named here is not there. */
@Configuration(proxyBeanMethods = false)
@EnableWebSecurity
@ConditionalOnWebApplication
public class Access {

    /** No script at all, nothing from elsewhere, nothing inline. */
    private static final String CONTENT_SECURITY_POLICY = "default-src 'none'; style-src 'self'; img-src 'self';"
            + " form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    static final String[] FOR_ALL = {
        "/",
        "/offres",
        "/offres/*",
        "/offres/*/fragment",
        "/modifications",
        "/modifications.csv",
        "/modifications.json",
        "/modifications.atom",
        "/api/openapi.yaml",
        "/logo",
        "/relais.css",
        "/favicon.svg",
        "/robots.txt",
        "/actuator/health",
        "/actuator/health/liveness",
        "/actuator/health/readiness"
    };

    static final String[] FOR_SITES = {"/api/offres/*"};

    static final String[] FOR_OPERATORS = {"/console", "/actuator/health/*"};

    public static final String SITE = "SITE";
    private static final String OPERATOR = "OPERATOR";

    @Bean
    SecurityFilterChain relaisSecurity(
            HttpSecurity http, ApiKeys keys, @Value("${server.forward-headers-strategy}") String proxies) {
        return http.csrf(AbstractHttpConfigurer::disable)
                .requestCache(AbstractHttpConfigurer::disable)
                .logout(AbstractHttpConfigurer::disable)
                .sessionManagement(session -> session.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .headers(headers -> headers.cacheControl(cache -> cache.disable())
                        // Other hosts of the domain are not ours to bind.
                        .httpStrictTransportSecurity(strict -> strict.includeSubDomains(false))
                        .contentSecurityPolicy(policy -> policy.policyDirectives(CONTENT_SECURITY_POLICY))
                        .referrerPolicy(policy -> policy.policy(ReferrerPolicy.STRICT_ORIGIN_WHEN_CROSS_ORIGIN)))
                .addFilterBefore(new KeyFilter(keys, !proxies.equalsIgnoreCase("none")), AuthorizationFilter.class)
                .authorizeHttpRequests(requests -> requests.dispatcherTypeMatchers(DispatcherType.ERROR)
                        .permitAll()
                        .requestMatchers(HttpMethod.GET, FOR_ALL)
                        .permitAll()
                        .requestMatchers(HttpMethod.HEAD, FOR_ALL)
                        .permitAll()
                        .requestMatchers(HttpMethod.GET, FOR_SITES)
                        .hasRole(SITE)
                        .requestMatchers(HttpMethod.POST, "/api/views")
                        .hasRole(SITE)
                        .requestMatchers(HttpMethod.GET, FOR_OPERATORS)
                        .hasRole(OPERATOR)
                        .anyRequest()
                        .denyAll())
                .exceptionHandling(failures -> failures.authenticationEntryPoint(
                                (request, response, failure) -> refuse(request, response))
                        .accessDeniedHandler((request, response, failure) -> refuse(request, response)))
                .build();
    }

    /** So that a page leaves in one write, not in several of 8 kB. */
    @Bean
    TomcatConnectorCustomizer writeWholePages() {
        return connector -> connector.setProperty("socket.appWriteBufSize", "32768");
    }

    /** There are keys and no users; without this bean Boot would invent one. */
    @Bean
    UserDetailsService noUsers() {
        return name -> {
            throw new UsernameNotFoundException("there are no users");
        };
    }

    /** Each filter of each request would be timed, which takes longer than what is timed. */
    @Bean
    SecurityObservationSettings noObservations() {
        return SecurityObservationSettings.noObservations();
    }

    private static void refuse(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String path = request.getServletPath();
        if (path.equals("/console") || path.startsWith("/actuator/health/")) {
            response.setHeader("WWW-Authenticate", "Basic realm=\"Relais\", charset=\"UTF-8\"");
            response.sendError(HttpServletResponse.SC_UNAUTHORIZED);
        } else if (path.equals("/api/views") || path.startsWith("/api/offres/")) {
            if (request.isUserInRole(SITE)) {
                answer(response, HttpServletResponse.SC_METHOD_NOT_ALLOWED, "see /api/openapi.yaml");
                return;
            }
            response.setHeader("WWW-Authenticate", "Bearer");
            answer(response, HttpServletResponse.SC_UNAUTHORIZED, "give an API key: Authorization: Bearer KEY");
        } else {
            response.sendError(HttpServletResponse.SC_NOT_FOUND);
        }
    }

    private static void answer(HttpServletResponse response, int status, String error) throws IOException {
        response.setStatus(status);
        response.setContentType("application/json;charset=UTF-8");
        response.getWriter().write("{\"error\":\"" + error + "\"}");
    }

    /** Sites give a key as a bearer, people their key as a password; whoever sits at the machine is believed to operate it. */
    private static final class KeyFilter extends OncePerRequestFilter {

        private final ApiKeys keys;
        private final boolean hasProxy;

        KeyFilter(ApiKeys keys, boolean hasProxy) {
            this.keys = keys;
            this.hasProxy = hasProxy;
        }

        @Override
        protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
                throws ServletException, IOException {
            String authorization = request.getHeader("Authorization");
            try {
                if (authorization != null) {
                    keys.name(authorization).ifPresent(name -> enter(name, SITE));
                    password(authorization)
                            .flatMap(key -> keys.name("Bearer " + key))
                            .ifPresent(name -> enter(name, OPERATOR));
                } else if (isLocal(request)) {
                    enter("local", OPERATOR);
                }
            } catch (DataAccessException e) {
                response.setHeader("Retry-After", "10");
                answer(response, HttpServletResponse.SC_SERVICE_UNAVAILABLE, "keys cannot be checked now; ask again");
                return;
            }
            chain.doFilter(request, response);
        }

        private static void enter(String name, String role) {
            SecurityContext context = SecurityContextHolder.createEmptyContext();
            context.setAuthentication(UsernamePasswordAuthenticationToken.authenticated(
                    name, null, List.of(new SimpleGrantedAuthority("ROLE_" + role))));
            SecurityContextHolder.setContext(context);
        }

        private static Optional<String> password(String authorization) {
            if (!authorization.regionMatches(true, 0, "Basic ", 0, 6)) {
                return Optional.empty();
            }
            try {
                String pair = new String(
                        Base64.getDecoder().decode(authorization.substring(6).strip()), StandardCharsets.UTF_8);
                return Optional.of(pair.substring(pair.indexOf(':') + 1));
            } catch (IllegalArgumentException e) {
                return Optional.empty();
            }
        }

        /** Behind a proxy nobody: the address is what headers say then, and those a visitor may have written. */
        private boolean isLocal(HttpServletRequest request) throws IOException {
            return !hasProxy
                    && request.getHeader("X-Forwarded-For") == null
                    && request.getHeader("Forwarded") == null
                    && InetAddress.getByName(request.getRemoteAddr()).isLoopbackAddress();
        }
    }
}
