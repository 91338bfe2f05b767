package fr.relais.web.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anySet;
import static org.mockito.ArgumentMatchers.anyString;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import fr.relais.Relais;
import fr.relais.sweep.Progress;
import fr.relais.web.Site;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.core.MethodParameter;
import org.springframework.http.converter.StringHttpMessageConverter;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.ui.Model;
import org.springframework.web.context.request.ServletWebRequest;
import org.springframework.web.context.request.async.AsyncWebRequest;
import org.springframework.web.context.request.async.StandardServletAsyncWebRequest;
import org.springframework.web.context.request.async.WebAsyncManager;
import org.springframework.web.context.request.async.WebAsyncUtils;
import org.springframework.web.method.support.ModelAndViewContainer;
import org.springframework.web.servlet.mvc.method.annotation.ResponseBodyEmitterReturnValueHandler;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;
import org.thymeleaf.ITemplateEngine;

class LiveStreamsTest {

    private final AtomicInteger rendered = new AtomicInteger();
    private final CountDownLatch isRead = new CountDownLatch(1);
    private final LiveStreams streams = streams();

    @AfterEach
    void stop() {
        isRead.countDown();
        streams.stop();
    }

    @Test
    void a_page_that_fails_ends_only_its_own_streams() throws Exception {
        MockHttpServletResponse response = new MockHttpServletResponse();
        WebAsyncManager good = open("good", response);
        WebAsyncManager bad = open("bad", new MockHttpServletResponse());

        await().until(bad::hasConcurrentResult);
        await().until(() -> rendered.get() > 1 && response.getContentAsString().contains("event:live"));
        assertThat(good.hasConcurrentResult()).isFalse();
    }

    @Test
    void a_browser_that_reads_nothing_delays_neither_the_others_nor_the_stop() throws Exception {
        CountDownLatch isStuck = new CountDownLatch(1);
        WebAsyncManager stuck = open("good", new MockHttpServletResponse() {
            @Override
            public ServletOutputStream getOutputStream() {
                return blocked(isStuck);
            }
        });
        WebAsyncManager other = open("good", new MockHttpServletResponse());
        assertThat(isStuck.await(10, TimeUnit.SECONDS)).isTrue();

        Thread stop = new Thread(streams::stop);
        stop.start();
        stop.join(Duration.ofSeconds(5).toMillis());

        assertThat(stop.isAlive()).isFalse();
        await().until(other::hasConcurrentResult);
        assertThat(stuck.hasConcurrentResult()).isFalse();
        isRead.countDown();
        await().until(stuck::hasConcurrentResult);
    }

    /** Returns an output that blocks when an event is sent, as a full socket does, even if it is interrupted. */
    private ServletOutputStream blocked(CountDownLatch isStuck) {
        return new ServletOutputStream() {
            private final StringBuilder written = new StringBuilder();

            @Override
            public void write(int character) throws IOException {
                written.append((char) character);
                if (written.toString().endsWith("event:live")) {
                    isStuck.countDown();
                    awaitRead();
                }
            }

            @Override
            public boolean isReady() {
                return true;
            }

            @Override
            public void setWriteListener(WriteListener listener) {}
        };
    }

    private void awaitRead() {
        while (isRead.getCount() > 0) {
            try {
                isRead.await();
            } catch (InterruptedException e) {
                // A write to a socket goes on, too.
            }
        }
    }

    private LiveStreams streams() {
        Site site = mock();
        Relais relais = mock();
        when(site.relais()).thenReturn(relais);
        when(relais.progress()).thenReturn(new Progress(0, 1, 0, 0, 0));
        ITemplateEngine templates = mock();
        when(templates.process(anyString(), anySet(), any())).thenReturn("<p>");
        ConsolePage good = new ConsolePage("good", 1) {
            @Override
            void fill(Model model) {
                rendered.incrementAndGet();
            }
        };
        ConsolePage bad = new ConsolePage("bad", 2) {
            @Override
            void fill(Model model) {
                throw new IllegalStateException("part of an offer");
            }
        };
        LiveStreams result = new LiveStreams(site, List.of(good, bad), templates, operator -> true);
        result.start();
        return result;
    }

    /** Opens a stream as Spring MVC does. The result of the manager is there when the stream has ended. */
    private WebAsyncManager open(String page, MockHttpServletResponse response) throws Exception {
        MockHttpServletRequest request = new MockHttpServletRequest();
        request.setAsyncSupported(true);
        SseEmitter emitter = streams.open(page, Locale.ENGLISH, request).orElseThrow();
        ServletWebRequest exchange = new ServletWebRequest(request, response);
        AsyncWebRequest async = new StandardServletAsyncWebRequest(request, response);
        WebAsyncManager manager = WebAsyncUtils.getAsyncManager(exchange);
        manager.setAsyncWebRequest(async);
        new ResponseBodyEmitterReturnValueHandler(List.of(new StringHttpMessageConverter()))
                .handleReturnValue(
                        emitter,
                        new MethodParameter(LiveStreamsTest.class.getDeclaredMethod("emitter"), -1),
                        new ModelAndViewContainer(),
                        exchange);
        return manager;
    }

    private static SseEmitter emitter() {
        throw new UnsupportedOperationException("only its type is used");
    }
}
