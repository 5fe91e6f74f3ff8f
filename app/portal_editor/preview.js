// Works beside the page in a world of its own: the page's own scripts never run. Puts a new version of the page in
// place by changing only what differs, says what the mouse is over, and keeps links and forms from doing anything.
"use strict";
(() => {
  const WHERE = "[data-element]";
  let bridge = null;
  let hovered = "";
  let marked = [];

  // The drawings over the page stand beside the body, out of the reach of `replace` and of the page's style sheet.
  const host = document.createElement("webortho-marks");
  host.style.cssText = "position:absolute;left:0;top:0;width:0;height:0;pointer-events:none;z-index:2147483647";
  const root = host.attachShadow({ mode: "closed" });
  const slim = document.createElement("style");
  slim.textContent = "html{scrollbar-width:thin;scrollbar-color:#8DBCC3 transparent}";
  host.append(slim);
  document.documentElement.append(host);

  const keyOf = (node) => (node.nodeType === 1 ? node.dataset?.element || node.id || "" : "");
  const alike = (one, other) =>
    one.nodeType === other.nodeType && one.nodeName === other.nodeName && keyOf(one) === keyOf(other);

  function change(old, now) {
    if (old.isEqualNode(now)) return;
    if (!alike(old, now)) {
      old.replaceWith(now);
    } else if (old.nodeType === 1) {
      changeAttributes(old, now);
      changeChildren(old, now);
    } else {
      old.nodeValue = now.nodeValue;
    }
  }

  function changeAttributes(old, now) {
    for (const { name } of [...old.attributes]) if (!now.hasAttribute(name)) old.removeAttribute(name);
    for (const { name, value } of now.attributes) if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  }

  function changeChildren(old, now) {
    const before = [...old.childNodes];
    const after = [...now.childNodes];
    while (before.length && after.length && before[0].isEqualNode(after[0])) before.shift(), after.shift();
    while (before.length && after.length && before.at(-1).isEqualNode(after.at(-1))) before.pop(), after.pop();
    if (before.length === after.length) {
      before.forEach((node, index) => change(node, after[index]));
      return;
    }
    const end = before.length ? before.at(-1).nextSibling : following(old, now, after);
    for (const node of after) {
      const found = before.findIndex((each) => alike(each, node));
      if (found < 0) {
        old.insertBefore(node, before[0] ?? end);
        continue;
      }
      before.splice(0, found).forEach((gone) => gone.remove());
      change(before.shift(), node);
    }
    before.forEach((gone) => gone.remove());
  }

  // What stands after nodes that are only inserted: as many nodes are left after them as in the new version.
  function following(old, now, inserted) {
    const rest = now.childNodes.length - [...now.childNodes].indexOf(inserted.at(-1)) - 1;
    return rest ? old.childNodes[old.childNodes.length - rest] : null;
  }

  function replace(html, fromTop) {
    const now = new DOMParser().parseFromString(html, "text/html");
    change(document.body, now.body);
    if (fromTop) scrollTo(0, 0);
    unhover();
    drawMarks();
    requestAnimationFrame(() => requestAnimationFrame(() => bridge?.was_painted()));
    return true;
  }

  // An element may be drawn in several places (the cells of a column): one box around those of one table.
  function boxOf(node) {
    const key = node.dataset.element;
    const within = node.closest("table") ?? document;
    const group = node.matches("th,td") ? [...within.querySelectorAll(WHERE)].filter((e) => e.dataset.element === key) : [node];
    const boxes = group.map((each) => each.getBoundingClientRect()).filter((box) => box.width && box.height);
    const left = Math.min(...boxes.map((box) => box.left));
    const top = Math.min(...boxes.map((box) => box.top));
    const right = Math.max(...boxes.map((box) => box.right));
    const bottom = Math.max(...boxes.map((box) => box.bottom));
    return { left, top, width: right - left, height: bottom - top };
  }

  function draw(kind, box, style) {
    const mark = document.createElement("div");
    mark.className = kind;
    mark.style.cssText =
      `position:absolute;box-sizing:border-box;border-radius:10px;left:${box.left + scrollX - 6}px;` +
      `top:${box.top + scrollY - 6}px;width:${box.width + 12}px;height:${box.height + 12}px;${style}`;
    root.append(mark);
  }

  function hover(node) {
    // The page's whole matter is no element to point at: its button in the menu is.
    const target = node?.closest?.(WHERE);
    const key = target && target.nodeName !== "MAIN" ? target.dataset.element : "";
    if (key === hovered) return;
    unhover();
    if (!key) return;
    hovered = key;
    const box = boxOf(target);
    draw("hover", box, "border:3px solid #F5A65B;box-shadow:0 0 0 2px #7A3D05;background:rgba(245,166,91,.14)");
    bridge?.is_over(key, box.left, box.top, box.width, box.height);
  }

  function unhover() {
    if (!hovered) return;
    hovered = "";
    root.querySelectorAll(".hover").forEach((mark) => mark.remove());
    bridge?.is_over("", 0, 0, 0, 0);
  }

  function drawMarks() {
    root.querySelectorAll(".mark").forEach((mark) => mark.remove());
    for (const node of document.querySelectorAll(WHERE))
      if (marked.includes(node.dataset.element) && node.getClientRects().length)
        draw("mark", boxOf(node), "border:3px dashed #0B5563");
  }

  function mark(keys, reveal) {
    marked = keys;
    drawMarks();
    if (!reveal) return;
    const node = [...document.querySelectorAll(WHERE)].find(
      (each) => keys.includes(each.dataset.element) && each.nodeName !== "MAIN" && each.getClientRects().length,
    );
    node?.scrollIntoView({ block: "nearest" });
  }

  const quiet = (event) => {
    event.preventDefault();
    event.stopPropagation();
  };
  addEventListener("mousemove", (event) => hover(event.target), true);
  addEventListener("focusin", (event) => hover(event.target), true);
  addEventListener("scroll", unhover, true);
  addEventListener("resize", () => { unhover(); drawMarks(); });
  addEventListener("submit", quiet, true);
  addEventListener("click", (event) => {
    quiet(event);
    const key = event.target.closest?.(WHERE)?.dataset.element ?? "";
    bridge?.was_clicked(key, event.target.closest?.("a[href]")?.getAttribute("href") ?? "");
  }, true);

  globalThis.preview = { replace, mark, unhover };
  new QWebChannel(qt.webChannelTransport, (channel) => {
    bridge = channel.objects.bridge;
    bridge.is_ready();
    requestAnimationFrame(() => requestAnimationFrame(() => bridge.was_painted()));
  });
})();
