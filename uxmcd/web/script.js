// SPDX-License-Identifier: GPL-2.0-or-later
// Keeps a page up to date, which otherwise asks for itself again. All that is shown
// comes from the server, escaped, and in the language of the page.
"use strict";
(() => {
	const main = document.getElementById("main");
	let shown = main.dataset.page, stream, timer;

	if (!shown)
		return;

	const put = (id, text) => {
		const element = document.getElementById(id);

		if (element && element.textContent !== text)
			element.textContent = text;
	};

	const putBar = (percent) => {
		const bar = document.getElementById("bar");

		if (!bar)
			return;
		if (percent === undefined)
			bar.removeAttribute("value");
		else
			bar.value = percent;
	};

	// What somebody has typed stays, and so does the focus.
	const replace = (part, news) => {
		const entered = part.querySelector("#firmware"), focus = document.activeElement;

		if (part.innerHTML === news.innerHTML)
			return;
		if (entered && news.querySelector("#firmware"))
			news.querySelector("#firmware").setAttribute("value", entered.value);
		part.innerHTML = news.innerHTML;
		if (focus && focus.id && !focus.isConnected && document.getElementById(focus.id))
			document.getElementById(focus.id).focus();
	};

	const take = (text) => {
		const news = new DOMParser().parseFromString(text, "text/html");
		const page = news.getElementById("main");

		// It is another page, to log in with perhaps.
		if (!page || !page.dataset.page)
			return location.reload();
		// What is pressed is not to be replaced for a number that has changed.
		put("amount", news.getElementById("amount")?.textContent ?? "");
		putBar(news.getElementById("bar")?.getAttribute("value") ?? undefined);
		for (const part of main.querySelectorAll("[data-part]")) {
			const other = page.querySelector(`[data-part=${part.dataset.part}]`);

			if (other)
				replace(part, other);
		}
		put("state", news.getElementById("state")?.textContent ?? "");
		shown = page.dataset.page;
		main.dataset.refresh = page.dataset.refresh;
		later();
	};

	const renew = () => fetch(location.pathname, { cache: "no-store" })
		.then((answer) => answer.text()).then(take).catch(() => {});

	const later = () => {
		clearTimeout(timer);
		if (main.dataset.refresh > 0)
			timer = setTimeout(renew, main.dataset.refresh * 1000);
	};

	const listen = () => {
		stream = new EventSource("events");
		stream.onmessage = (event) => {
			const news = JSON.parse(event.data);

			put("state", news.text);
			put("amount", news.amount);
			putBar(news.percent);
			if (news.page !== shown)
				renew();
		};
		// It asks again by itself, unless it was refused.
		stream.onerror = () => {
			if (stream.readyState !== EventSource.CLOSED)
				return;
			clearTimeout(timer);
			timer = setTimeout(() => renew().then(listen), 10000);
		};
	};

	document.addEventListener("visibilitychange", () => {
		stream.close();
		clearTimeout(timer);
		if (!document.hidden)
			renew().then(listen);
	});
	later();
	listen();
})();
